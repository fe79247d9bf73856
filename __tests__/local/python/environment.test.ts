import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ensurePythonEnvironment, findPython, packageSources, TORCH_VERSION } from '../../../local/python';

const root = resolve(__dirname, '../../..');
jest.setTimeout(60_000);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-python-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const path = join(directory, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('findPython', () => {
  it('says what to install when there is none', async () => {
    await expect(findPython({ PATH: '' })).rejects.toThrow(
      'the model is trained with Python 3.10 or newer, and there is none on PATH: install it (https://www.python.org/downloads/), ' +
        'or set STRATA_PYTHON to an interpreter that has the packages already',
    );
  });

  it('passes over those that are too old, cannot make environments, or are a stand-in of a version manager', async () => {
    program('python3', 'printf "/old/python3\\n3.9.18\\n"');
    program('python', 'printf "/bare/python\\n3.12.1\\n"; echo "No module named ensurepip" >&2; exit 1');
    program('python3.13', 'echo "version 3.13 is not installed" >&2; exit 127');
    const error = await findPython({ PATH: directory }).catch((reason: Error) => reason.message);
    expect(error).toContain(
      '(/old/python3 is Python 3.9.18; /bare/python (3.12.1) cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv): No module named ensurepip)',
    );
    program('python3.11', 'printf "/good/python3.11\\n3.11.7\\n"');
    expect(await findPython({ PATH: directory })).toEqual({ path: '/good/python3.11', version: '3.11.7' });
  });
});

describe('packageSources', () => {
  it('is the public index with the build for CPUs where pip has no configuration', () => {
    expect(packageSources("global.timeout='60'\n", 'linux')).toEqual([
      {
        description: 'the Python Package Index',
        args: ['--retries', '2', '--extra-index-url', 'https://download.pytorch.org/whl/cpu'],
        torch: `torch==${TORCH_VERSION}+cpu`,
      },
    ]);
    expect(packageSources('', 'darwin')).toEqual([
      { description: 'the Python Package Index', args: ['--retries', '2'], torch: `torch==${TORCH_VERSION}` },
    ]);
  });

  it('asks indexes on this machine first, whichever level of the configuration names them', () => {
    const [local, next] = packageSources(
      "global.extra-index-url='file:///srv/one file:///srv/two'\n:env:.index-url='/srv/three'\nuser.find-links='/srv/wheels'\n",
      'linux',
    );
    expect(local?.args).toEqual([
      '-i',
      '/srv/three',
      '--extra-index-url',
      'file:///srv/one',
      '--extra-index-url',
      'file:///srv/two',
    ]);
    expect(next?.description).toBe('the Python Package Index');
  });

  it("leaves a company's mirror as pip has it, and takes the plain build where that has no other", () => {
    const sources = packageSources("global.index-url='https://mirror.example/simple'", 'linux');
    expect(sources.map(({ args }) => args)).toEqual([
      ['--retries', '2'],
      ['--retries', '2'],
    ]);
    expect(sources.map(({ torch }) => torch)).toEqual([`torch==${TORCH_VERSION}+cpu`, `torch==${TORCH_VERSION}`]);
  });
});

describe('ensurePythonEnvironment', () => {
  /** A checkout with the requirements alone, and a Python that records what is asked of it. */
  function checkout(): { root: string; environment: { PATH: string }; calls: () => string[] } {
    const training = join(directory, 'checkout/sagemaker/training');
    mkdirSync(training, { recursive: true });
    for (const name of ['requirements.txt', 'requirements-dev.txt'])
      copyFileSync(join(root, 'sagemaker/training', name), join(training, name));
    const log = join(directory, 'calls');
    // `-m venv <folder>` puts a copy of itself there; pip ends as the file says.
    program(
      'bin/python3',
      `case "$*" in *version_info*) printf "$0\\n3.12.0\\n"; exit 0;; esac
echo "$*" >> ${log}
case "$*" in
  "-m venv "*) sleep 0.3; mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *"config list"*) echo "global.index-url='file:///srv/packages'" ;;
  *" install "*) if [ -f ${directory}/pip-fails ]; then echo "ERROR: No matching distribution found for torch" >&2; exit 1; fi ;;
esac`,
    );
    const calls = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
    return {
      root: join(directory, 'checkout'),
      environment: { PATH: `${join(directory, 'bin')}:/usr/bin:/bin` },
      calls,
    };
  }

  it('makes one once, and brings it up to date in place when the requirements change', async () => {
    const { calls, ...options } = checkout();
    const { python } = await ensurePythonEnvironment(options);
    expect(python).toBe(join(options.root, '.strata/python/bin/python'));
    expect(
      calls()
        .filter((call) => call.includes('install'))
        .map((call) => call.replaceAll(directory, '')),
    ).toEqual([
      `-m pip --disable-pip-version-check install --no-input --progress-bar off -i file:///srv/packages torch==${TORCH_VERSION}+cpu -r /checkout/sagemaker/training/requirements-dev.txt`,
    ]);
    const before = calls().length;
    await ensurePythonEnvironment(options);
    expect(calls()).toHaveLength(before);
    writeFileSync(join(options.root, 'sagemaker/training/requirements.txt'), 'onnx\n');
    await expect(ensurePythonEnvironment({ ...options, install: false })).rejects.toThrow(
      'is missing or out of date: `npm run train -- --help` makes it',
    );
    await ensurePythonEnvironment(options);
    expect(
      calls()
        .slice(before)
        .filter((call) => call.includes(' install ')),
    ).toHaveLength(1);
    expect(calls().filter((call) => call.startsWith('-m venv'))).toHaveLength(1);
  });

  it('is made by one, while others wait', async () => {
    const { calls, ...options } = checkout();
    const told: string[] = [];
    const made = await Promise.all(
      [1, 2, 3].map(() => ensurePythonEnvironment({ ...options, progress: (text) => told.push(text) })),
    );
    expect(new Set(made.map(({ python }) => python)).size).toBe(1);
    expect(calls().filter((call) => call.startsWith('-m venv'))).toHaveLength(1);
    expect(told.filter((text) => text.startsWith('waiting for process'))).toHaveLength(2);
  });

  it('does not wait for a process that is no more', async () => {
    const { calls: _calls, ...options } = checkout();
    mkdirSync(join(options.root, '.strata'));
    const ended = spawnSync('true');
    writeFileSync(join(options.root, '.strata/python.lock'), String(ended.pid));
    await ensurePythonEnvironment(options);
    expect(existsSync(join(options.root, '.strata/python.lock'))).toBe(false);
  });

  it('leaves nothing half made, and says what pip said of each source', async () => {
    const { calls: _calls, ...options } = checkout();
    writeFileSync(join(directory, 'pip-fails'), '');
    const message = await ensurePythonEnvironment(options).catch((error: Error) => error.message);
    expect(message).toContain(
      `from the package indexes on this machine (torch==${TORCH_VERSION}+cpu):\nERROR: No matching distribution found for torch\nfrom the Python Package Index`,
    );
    expect(message).toContain('set STRATA_PYTHON to an interpreter that has them already');
    expect(existsSync(join(options.root, '.strata/python'))).toBe(false);
    expect(existsSync(join(options.root, '.strata/python.lock'))).toBe(false);
  });

  it('takes STRATA_PYTHON as it is, and says what it lacks', async () => {
    const own = program('own', `printf '["/own/python", []]\\n'`);
    expect(await ensurePythonEnvironment({ environment: { STRATA_PYTHON: own } })).toEqual({ python: '/own/python' });
    const poor = program('poor', `printf '["/poor/python", ["torch", "onnx"]]\\n'`);
    await expect(ensurePythonEnvironment({ environment: { STRATA_PYTHON: poor } })).rejects.toThrow(
      `STRATA_PYTHON is '${poor}', which lacks torch, onnx: install them there`,
    );
    const broken = program('broken', 'echo "no such version" >&2; exit 1');
    await expect(ensurePythonEnvironment({ environment: { STRATA_PYTHON: broken } })).rejects.toThrow(
      'which does not run as a Python: no such version',
    );
    await expect(ensurePythonEnvironment({ environment: { STRATA_PYTHON: '/nowhere/python' } })).rejects.toThrow(
      "STRATA_PYTHON is '/nowhere/python', which does not run as a Python",
    );
  });
});

describe('the commands', () => {
  /** Runs the command as npm does, with a Python that prints what it was given. */
  function run(
    command: string,
    args: readonly string[],
    environment: Record<string, string>,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((done) => {
      const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts/python.ts'), command, ...args], {
        cwd: root,
        env: { ...process.env, ...environment },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data) => (stdout += data));
      child.stderr.on('data', (data) => (stderr += data));
      child.on('close', (code) => done({ code, stdout, stderr }));
    });
  }

  it('run where the person is, with the code on the path, and end as Python ends', async () => {
    const python = program(
      'python',
      `case "$1" in -c) printf '["'$0'", []]\\n';; *) pwd; echo "$PYTHONPATH"; echo "$@"; exit 3;; esac`,
    );
    const { code, stdout } = await run('train', ['--data', 'photos'], {
      STRATA_PYTHON: python,
      INIT_CWD: directory,
      PYTHONPATH: '/mine',
    });
    expect(stdout.split('\n')).toEqual([
      directory,
      `${root}/sagemaker/training:/mine`,
      `${root}/sagemaker/training/train.py --data photos`,
      '',
    ]);
    expect(code).toBe(3);
  });

  it('without Python: tests are skipped with the reason, but fail in CI, as training does', async () => {
    const environment = { STRATA_PYTHON: '/nowhere/python' };
    expect(await run('test', [], { ...environment, CI: '' })).toMatchObject({
      code: 77,
      stdout: expect.stringContaining('/nowhere/python'),
    });
    const [inCi, training, unknown] = await Promise.all([
      run('test', [], { ...environment, CI: 'true' }),
      run('train', [], environment),
      run('fit', [], environment),
    ]);
    expect([inCi.code, training.code, unknown.code]).toEqual([1, 1, 1]);
    expect(unknown.stderr).toContain("'fit' is not a command: must be one of train, evaluate, predict, test");
  });
});
