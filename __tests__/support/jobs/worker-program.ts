import { appendFileSync } from 'node:fs';

import { readSettings, runWorker } from '../../../modules/worker-runtime';

/**
 * The worker as it ships, but that it kills or stops itself at STRATA_TEST_FAULT, a fault point; with `:stop` it gets
 * SIGSTOP there. It writes each point that it passes into STRATA_TEST_TRACE.
 */
const [fault, how] = (process.env.STRATA_TEST_FAULT ?? '').split(':');
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());

void runWorker({
  settings: readSettings(process.env),
  command: process.argv.slice(2) as [string, ...string[]],
  signal: stopping.signal,
  reach: (point) => {
    if (process.env.STRATA_TEST_TRACE !== undefined) appendFileSync(process.env.STRATA_TEST_TRACE, `${point}\n`);
    if (point === fault) process.kill(process.pid, how === 'stop' ? 'SIGSTOP' : 'SIGKILL');
  },
}).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
