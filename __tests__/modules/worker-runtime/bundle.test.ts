// The worker as it is in the image: one file, and a program of Python that has no Node.js.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../../..');
const example = join(root, 'jobs/examples/sentiment');
const run = promisify(execFile);

describe("the image's worker", () => {
  let folder: string;
  let worker: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strata-bundle-'));
    worker = join(folder, 'worker.mjs');
    await run(process.execPath, [join(root, 'local/jobs/bundle-worker.mjs'), worker]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const entryPoint = (file: string): string[] => {
    const [, words] = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(example, file), 'utf8'))!;
    return JSON.parse(words!) as string[];
  };
  const selfTest = (program: readonly string[]) =>
    run(process.execPath, [worker, '--', ...program, '--self-test'], {
      env: { ...process.env, PYTHONPATH: join(root, 'modules/worker-runtime/python') },
    });

  it('proves by --self-test that the program of the example starts', async () => {
    const [node, bundle, separator, ...program] = entryPoint('Dockerfile');
    expect(entryPoint('Dockerfile.gpu')).toEqual(entryPoint('Dockerfile'));
    expect([node, bundle, separator]).toEqual(['/strata/node', '/strata/worker.mjs', '--']);
    const here = program.map((word) => word.replace(/^\/app\//, `${example}/`));
    expect((await selfTest(here)).stdout).toContain('the program starts and speaks the protocol');
  });

  it('proves that a program does not start', async () => {
    await expect(selfTest(['python3', 'absent.py'])).rejects.toThrow("can't open file");
  });

  it('says what is missing in its environment', async () => {
    await expect(run(process.execPath, [worker, '--', 'true'], { env: {} })).rejects.toThrow(
      /the worker's environment is wrong:\n {2}STRATA_KIND:/,
    );
  });
});
