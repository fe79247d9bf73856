import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { outcomeOf } from '../../../modules/worker-runtime/child/child-outcome';
import { outOfMemoryKills } from '../../../modules/worker-runtime/child/memory-events';
import { runChild, type RunningChild } from '../../../modules/worker-runtime/child/run-child';
import { selfTest } from '../../../modules/worker-runtime';

let folder: string;
let input: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strata-child-'));
  input = join(folder, 'input');
  writeFileSync(input, 'ünï\n');
  process.env.STRATA_PYTHON_HELPER = join(__dirname, '../../../modules/worker-runtime/python');
  await build({
    entryPoints: [join(__dirname, 'programs/vectors.ts')],
    outfile: join(folder, 'vectors.cjs'),
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
  });
});
afterAll(() => {
  delete process.env.STRATA_PYTHON_HELPER;
  rmSync(folder, { recursive: true });
});

interface Heard {
  readonly child: RunningChild;
  readonly rows: Record<string, unknown>[];
  readonly progress: unknown[];
  readonly checkpoints: unknown[];
}

const start = (command: [string, ...string[]], what = 'rows', onRows?: () => Promise<void>): Heard => {
  const rows: Record<string, unknown>[] = [];
  const progress: unknown[] = [];
  const checkpoints: unknown[] = [];
  const child = runChild({
    command,
    hello: {
      type: 'hello',
      protocol: 1,
      job: { id: 'j', tenant: 't', kind: 'k', attempt: 2 },
      input: { path: input, bytes: 6 },
      parameters: { what },
      checkpoint: { line: 1 },
    },
    onRows: async (batch) => {
      rows.push(...batch);
      await onRows?.();
    },
    onProgress: (fraction, note) => progress.push([fraction, note]),
    onCheckpoint: (value) => checkpoints.push(value),
    oomKills: () => 0,
  });
  return { child, rows, progress, checkpoints };
};

const shell = (script: string): [string, ...string[]] => ['/bin/sh', '-c', script];
const HELLO = `echo '{"type":"hello","protocol":1}' >&4`;

describe.each(['Python', 'Node'])('a program with the helper for %s', (language) => {
  const command = (): [string, ...string[]] =>
    language === 'Python'
      ? ['python3', join(__dirname, 'programs/vectors.py')]
      : [process.execPath, join(folder, 'vectors.cjs')];

  it('sends rows in order, progress, a checkpoint and a summary, and is told the earlier checkpoint', async () => {
    const { child, rows, progress, checkpoints } = start(command());
    expect(await child.outcome).toEqual({ kind: 'done', summary: { text: 'ünï\n', saved: { line: 1 } } });
    expect(rows).toEqual(Array.from({ length: 250 }, (_, n) => ({ n, text: '한글 \t\\n "\\"' })));
    expect([progress, checkpoints]).toEqual([[[0.5, 'half']], [{ line: 3 }]]);
  });

  it.each([
    ['error', { code: 'bad_header', message: 'line 1 has no column text', retry: false }],
    ['crash', { code: 'program_failed', message: 'unexpected', retry: true }],
  ])('reports %s', async (what, failure) => {
    expect(await start(command(), what).child.outcome).toEqual({ kind: 'failed', ...failure });
  });

  it('hears of a stop and still saves a checkpoint', async () => {
    const heard = start(command(), 'wait');
    while (heard.progress.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await heard.child.end('stop', 10);
    expect(heard.checkpoints).toEqual(['saved at the end']);
    expect(await heard.child.outcome).toEqual({ kind: 'done', summary: null });
  });

  it('passes the self-test of its image, though it does not know that job', async () => {
    await expect(selfTest(command())).resolves.toBeUndefined();
  });
});

describe('a program', () => {
  it.each([
    ['ends without a word', 'exit 0', 'no_result', 'without "done"'],
    ['ends with an error', 'exit 3', 'program_ended', 'exit code 3'],
    ['does not greet', `echo '{"type":"done"}' >&4`, 'protocol', 'began with "done"; begin with "hello"'],
    ['speaks another version', `echo '{"type":"hello","protocol":9}' >&4`, 'protocol', 'version 9'],
    ['writes no JSON', 'echo hi >&4', 'protocol', '"hi" to file descriptor 4, which is not JSON'],
    ['misspells a type', `${HELLO}; echo '{"type":"row"}' >&4`, 'protocol', '{"type":"row"}: type'],
    [
      'goes on after the end',
      `${HELLO}; echo '{"type":"done"}
{"type":"rows","rows":[]}' >&4`,
      'protocol',
      '"rows" after "done"',
    ],
    ['ends within a line', `${HELLO}; printf '{"type"' >&4`, 'protocol', 'within a line'],
    ['writes a line without end', `${HELLO}; head -c 1100000 /dev/zero >&4`, 'protocol', 'longer than 1048576 bytes'],
  ])('that %s has failed', async (_, script, code, message) => {
    expect(await start(shell(script)).child.outcome).toEqual({
      kind: 'failed',
      code,
      message: expect.stringContaining(message),
      retry: true,
    });
  });

  it('that is not there cannot start, and fails the self-test', async () => {
    expect(await start(['/no/such/program']).child.outcome).toMatchObject({ code: 'cannot_start' });
    await expect(selfTest(['/no/such/program'])).rejects.toThrow('ENOENT');
    await expect(selfTest(shell('exit 1'))).rejects.toThrow('exit code 1');
  });

  it('that ignores a cancel is killed with what it started', async () => {
    const pidFile = join(folder, 'grandchild');
    const heard = start(
      shell(
        `trap '' TERM; ${HELLO}; sleep 300 & echo $! > ${pidFile}; echo '{"type":"progress","fraction":0}' >&4; wait`,
      ),
    );
    while (heard.progress.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await heard.child.end('cancel', 0.05);
    const { readFileSync, existsSync } = await import('node:fs');
    const pid = readFileSync(pidFile, 'utf8').trim();
    const isZombieOrGone = !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z');
    expect(isZombieOrGone).toBe(true);
    expect(await heard.child.outcome).toMatchObject({ kind: 'failed', code: 'program_ended' });
  });

  it('waits while its rows are stored', async () => {
    const sent = join(folder, 'sent');
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    // Eight megabytes are more than a pipe and a stream hold.
    const line = `{"type":"rows","rows":[{"text":"${'x'.repeat(80_000)}"}]}`;
    const script = `${HELLO}; i=0; while [ $i -lt 100 ]; do echo '${line}' >&4; i=$((i+1)); echo $i > ${sent}; done; echo '{"type":"done"}' >&4`;
    const heard = start(shell(script), 'rows', () => gate);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { readFileSync } = await import('node:fs');
    expect(Number(readFileSync(sent, 'utf8'))).toBeLessThan(20);
    open();
    expect(await heard.child.outcome).toEqual({ kind: 'done', summary: null });
    expect(heard.rows).toHaveLength(100);
  });
});

describe('a program killed by the kernel', () => {
  const killed = { exitCode: null, signal: 'SIGKILL', last: undefined } as const;

  it('is out of memory only where the kernel counted that', () => {
    expect(outcomeOf({ ...killed, outOfMemory: true })).toMatchObject({ code: 'out_of_memory' });
    expect(outcomeOf({ ...killed, signal: null, exitCode: 137, outOfMemory: true })).toMatchObject({
      code: 'out_of_memory',
    });
    expect(outcomeOf({ ...killed, outOfMemory: false })).toMatchObject({ code: 'program_ended' });
  });

  it('is counted by either version of control groups', () => {
    const file = join(folder, 'memory.events');
    writeFileSync(file, 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n');
    expect(outOfMemoryKills(['/no/such/file', file])).toBe(2);
    expect(outOfMemoryKills(['/no/such/file'])).toBe(0);
  });
});
