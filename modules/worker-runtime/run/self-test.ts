import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runChild } from '../child/run-child';
import { PROTOCOL_VERSION } from '../protocol/messages';

/** How long the program may take to load. */
const LOAD_SECONDS = 300;

/** Failures of a program that does not speak the protocol; those that it reports itself are answers. */
const BROKEN = new Set(['cannot_start', 'program_ended', 'protocol', 'no_result', 'out_of_memory']);

/**
 * Proves that the image's program starts and speaks the protocol: it gets an empty input, which
 * it may refuse.
 *
 * @throws Error that says what the program did
 */
export async function selfTest(command: readonly [string, ...string[]], loadSeconds = LOAD_SECONDS): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'strata-self-test-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, '');
    const child = runChild({
      command,
      hello: {
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        job: { id: 'self-test', tenant: 'self-test', kind: 'self-test', attempt: 1 },
        input: { path, bytes: 0 },
        parameters: {},
        checkpoint: null,
      },
      onRows: () => Promise.resolve(),
      onProgress: () => undefined,
      onCheckpoint: () => undefined,
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>(
      (resolve) => (timer = setTimeout(() => resolve(undefined), loadSeconds * 1000)),
    );
    const outcome = await Promise.race([child.outcome, late]);
    clearTimeout(timer);
    if (outcome === undefined) {
      await child.end('cancel', 0);
      throw new Error(`the program did not end within ${loadSeconds} s on an empty input`);
    }
    if (outcome.kind === 'failed' && BROKEN.has(outcome.code)) throw new Error(`${outcome.code}: ${outcome.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
