// Tests that build on each other: a real deploy takes a minute, so what is deployed once is looked at many times.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../../local/toolchain';
import { toolchain } from '../terraform';
import { endCommands } from './command';
import { patience } from './patience';

const root = path.resolve(__dirname, '../../..');
const { skip } = describe;
const runs: jest.Describe = describe;

/** Why nothing can be deployed here; `undefined` where all is there. */
export function missingTools(): string | undefined {
  const tools = toolchain();
  if (typeof tools === 'string') return tools;
  return motoFolder() === undefined ? 'no moto_server: `npm run emulator` installs it' : undefined;
}

/** The folder that holds `moto_server`: one on PATH, or the one that the emulator has made. */
export function motoFolder(): string | undefined {
  const found = findProgram('moto_server');
  if (found !== undefined) return path.dirname(found);
  const own = path.join(root, '.strata', 'venv', process.platform === 'win32' ? 'Scripts' : 'bin');
  return existsSync(path.join(own, process.platform === 'win32' ? 'moto_server.exe' : 'moto_server')) ? own : undefined;
}

/** Defines one step. */
export type Step = (name: string, run: () => Promise<void>, timeoutMilliseconds?: number) => void;

/**
 * A journey: steps in their order, each on what the one before has left. The first that fails ends it, as whatever
 * follows would fail too, and slowly. Skipped with the reason where tools are missing; with CI=true that is a failure.
 * @param missing why it cannot be tried here; by default what a deploy to the emulator lacks
 */
export function journey(name: string, define: (step: Step) => void, missing = missingTools()): void {
  if (missing !== undefined && process.env.CI !== 'true') {
    skip(`${name} (skipped: ${missing})`, () => define((step) => test(step, () => undefined)));
    return;
  }
  runs(name, () => {
    let failed: string | undefined = missing;
    const step: Step = (title, run, timeoutMilliseconds = 300_000) =>
      test(
        title,
        async () => {
          if (failed !== undefined) throw notTried(failed);
          const began = Date.now();
          process.stderr.write(`      ${title} ...\n`);
          try {
            await run();
          } catch (error) {
            failed = `"${title}" failed`;
            throw error;
          }
          process.stderr.write(`      ${title}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
        },
        timeoutMilliseconds * patience,
      );
    define(step);
    afterAll(endCommands);
  });
}

/** Without a stack: where the step is says nothing. */
function notTried(reason: string): Error {
  const error = new Error(`not tried: ${reason}`);
  error.stack = error.message;
  return error;
}

/** Waits until `check` gives something, looking again and again. Rejects with `what` after the time has gone by. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined> | T | undefined,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
