import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { locate } from './location';
import { freePort, startMoto } from './moto';
import { type EmulatorState, readState } from '../process/process-state';
import { refusalsBeside } from './refusals';
import { refusalKinds } from './refusals/switch';
import { createShim } from './shim';

/**
 * The background process: listens on the emulator's port, starts moto behind it, and lives as long as moto does. It
 * listens first: if two are started at the same time, one gets the port and the other exits.
 */
async function main(server: string, root: string | undefined): Promise<void> {
  const location = locate(process.env, root);
  const say = (text: string): void => console.error(`${new Date().toISOString()} ${text}`);
  const motoPort = await freePort();
  let settle: (ready: Promise<void>) => void = () => undefined;
  const ready = new Promise<void>((resolve) => (settle = resolve));
  const kinds = refusalKinds();
  const identity = { emulator: 'strata', root: location.root, pid: process.pid, refusals: [...kinds] };
  const shim = createShim({
    motoPort,
    ready,
    identity,
    refusals: refusalsBeside(server, kinds, process.env.STRATA_EMULATOR_RECORD === 'on'),
  });
  await new Promise<void>((resolve, reject) => shim.once('error', reject).listen(location.port, '127.0.0.1', resolve));

  const moto = startMoto(server, motoPort, 2);
  settle(moto.ready);
  say(`listening on ${location.endpoint}, moto ${server} (pid ${moto.process.pid}) on port ${motoPort}`);
  const state: EmulatorState = { pid: process.pid, port: location.port, motoPid: moto.process.pid ?? 0, motoPort };
  writeFileSync(location.stateFile, `${JSON.stringify(state)}\n`);
  process.on('exit', () => {
    if (existsSync(location.stateFile) && readState(location.stateFile)?.pid === process.pid)
      rmSync(location.stateFile);
  });

  let stopping = false;
  moto.process.on('exit', (code, signal) => {
    say(`moto ended (${signal ?? `exit code ${code}`})`);
    process.exit(stopping ? 0 : 1);
  });
  const stop = (): void => {
    stopping = true;
    moto.process.kill('SIGTERM');
    setTimeout(() => moto.process.kill('SIGKILL'), 3000).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main(process.argv[2] ?? 'moto_server', process.argv[3]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
