import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { imageNode } from '../../../local/node-versions';
import { buildEndpoint } from '../../../local/run/child-endpoint';
import { colours } from './harness';

const root = join(__dirname, '../../..');
const dist = join(root, '.strata/endpoint-test', `telemetry-${process.pid}`);
const scratch = mkdtempSync(join(tmpdir(), 'strata-telemetry-test-'));
afterAll(() => {
  rmSync(dist, { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
});

const hasStrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
// A native library resolves names itself, so only the kernel's view shows it. Without strace the test is skipped on a
// developer's machine, and fails in CI.
const traced = hasStrace || process.env['CI'] === 'true' ? test : test.skip;

traced(
  'the endpoint looks up no name, opens no connection and writes no file, even without the variables of its image',
  async () => {
    await buildEndpoint(dist);
    const home = join(scratch, 'home');
    mkdirSync(home);
    const trace = join(scratch, 'trace');
    const child = spawn(
      'strace',
      [
        ...['-D', '-f', '-qq', '-e', 'trace=connect,sendto,sendmmsg,openat,mkdir', '-e', 'signal=none', '-o', trace],
        ...[imageNode(join(root, 'sagemaker/endpoint/Dockerfile')), join(dist, 'server.js'), 'serve'],
      ],
      {
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          TMPDIR: scratch,
          HOST: '127.0.0.1',
          MODEL_DIR: colours,
          SAGEMAKER_BIND_TO_PORT: '0',
          DRAIN_SECONDS: '0',
          NODE_NO_WARNINGS: '1',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const onLine = (line: string): void => {
        lines.push(line);
        if (line.includes('the model is ready')) resolve();
      };
      createInterface({ input: child.stdout }).on('line', onLine);
      createInterface({ input: child.stderr }).on('line', onLine);
      child.once('error', reject);
      void ended.then((code) => reject(new Error(`ended with ${code}:\n${lines.join('\n')}`)));
    });
    // The library sends its first report after the session is there.
    await pause(1500);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);

    const calls = readFileSync(trace, 'utf8').split('\n');
    expect(calls.some((call) => call.includes('libonnxruntime'))).toBe(true);
    expect(calls.filter((call) => /connect\(.*AF_INET|htons\(53\)|nscd/.test(call))).toEqual([]);
    const isHarmless = /"\/dev\/|"\/proc\//;
    expect(calls.filter((call) => /O_CREAT|mkdir\(/.test(call) && !isHarmless.test(call))).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
  },
  120_000,
);
