import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { resetEmulator, startEmulator, stopEmulator, portOwner } from '../../../local/aws/emulator';
import { type Location, locate } from '../../../local/aws/location';
import { findMotoServer, freePort } from '../../../local/aws/moto';
import { isAlive, readState } from '../../../local/process/process-state';
import { HEALTH_PATH } from '../../../local/aws/shim';
import { findProgram } from '../../../local/toolchain';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-emulator-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (port: number): Location => locate({ STRATA_EMULATOR_PORT: String(port) }, root);

function program(directory: string, name: string, script: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, name), 0o755);
}

describe('a port that is taken', () => {
  let server: Server;
  const owner = async (answer: string): Promise<number> => {
    server = createServer((message, response) => response.end(message.url === HEALTH_PATH ? answer : ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('by another program: names the port and what to do', async () => {
    const port = await owner('hello');
    await expect(startEmulator(at(port), { environment: { PATH: '' } })).rejects.toThrow(
      new RegExp(`^port ${port} is taken by .+: stop that, or choose another port with STRATA_EMULATOR_PORT$`),
    );
  });

  it('by the emulator of another checkout: names that', async () => {
    const port = await owner(JSON.stringify({ emulator: 'strata', root: '/other', pid: 42, ready: true }));
    await expect(startEmulator(at(port))).rejects.toThrow(
      `port ${port} is held by the emulator of another checkout, /other (pid 42): stop it there with 'npm run emulator -- stop', or choose`,
    );
  });
});

describe('moto', () => {
  const venv = (): string => join(root, 'venv');

  it('says what to install when there is no Python either', async () => {
    await expect(findMotoServer({ venv: venv(), environment: { PATH: '' } })).rejects.toThrow(
      "no 'moto_server' on PATH, and no 'python3' to install it with: install Python 3.10 or newer",
    );
  });

  it('is installed into the virtual environment once, also when the one on PATH does not work', async () => {
    const bin = join(root, 'bin');
    program(bin, 'moto_server', 'exit 127');
    program(
      bin,
      'python3',
      `mkdir -p "$3/bin"; cat > "$3/bin/python" <<'END'\n#!/bin/sh\nprintf '#!/bin/sh\\nexit 0\\n' > "$(dirname "$0")/moto_server"; chmod +x "$(dirname "$0")/moto_server"; echo "$@" > "$(dirname "$0")/called"\nEND\nchmod +x "$3/bin/python"`,
    );
    const environment = { PATH: `${bin}:/usr/bin:/bin` };
    const said: string[] = [];
    const find = () => findMotoServer({ venv: venv(), environment, progress: (text) => said.push(text) });
    expect(await find()).toBe(join(venv(), 'bin', 'moto_server'));
    expect(await find()).toBe(join(venv(), 'bin', 'moto_server'));
    expect(readFileSync(join(venv(), 'bin', 'called'), 'utf8')).toContain(
      '-m pip install --quiet --disable-pip-version-check moto[server]==5.2.*',
    );
    expect(said).toEqual([`installing moto[server]==5.2.* into ${venv()} (once)`]);
  });

  it('that cannot be installed leaves one message and no half-made environment', async () => {
    const bin = join(root, 'bin');
    program(
      bin,
      'python3',
      `mkdir -p "$3/bin"; printf '#!/bin/sh\\necho no index; exit 1\\n' > "$3/bin/python"; chmod +x "$3/bin/python"`,
    );
    await expect(findMotoServer({ venv: venv(), environment: { PATH: `${bin}:/usr/bin:/bin` } })).rejects.toThrow(
      'could not install moto[server]==5.2.* with pip:\nno index\ninstall it yourself with "pip install \'moto[server]==5.2.*\'"',
    );
    expect(existsSync(venv())).toBe(false);
  });

  it('that ends while it starts is told with the end of its log', async () => {
    const bin = join(root, 'bin');
    program(bin, 'moto_server', 'if [ "$1" = --help ]; then exit 0; fi; echo broken moto; exit 5');
    const location = at(await freePort());
    await expect(
      startEmulator(location, { environment: { ...process.env, PATH: `${bin}:${process.env.PATH}` } }),
    ).rejects.toThrow(/^the AWS emulator did not start \(exit code 1\); the end of [^]+broken moto/);
    expect((await portOwner(location)).kind).toBe('none');
  }, 30_000);
});

/** Resolves when a process has ended; a test waits for it no longer than its own limit. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

const withMoto = findProgram('moto_server') === undefined && process.env.CI !== 'true' ? describe.skip : describe;
withMoto('the emulator in the background (needs moto_server on PATH)', () => {
  it('starts once for two at a time, is found again, empties and ends with its moto', async () => {
    const location = at(await freePort());
    try {
      const started = await Promise.all([startEmulator(location), startEmulator(location)]);
      expect(started).toEqual([true, true]);
      expect(await startEmulator(location)).toBe(false);
      const state = readState(location.stateFile);
      expect(await portOwner(location)).toEqual({ kind: 'this', pid: state?.pid, ready: true });
      await resetEmulator(location);
      expect(await stopEmulator(location)).toBe(true);
      expect(isAlive(state?.motoPid ?? 0)).toBe(false);
      expect(existsSync(location.stateFile)).toBe(false);
      expect(await stopEmulator(location)).toBe(false);
    } finally {
      await stopEmulator(location);
    }
  }, 60_000);

  it('clears away the moto of one that was killed', async () => {
    const location = at(await freePort());
    try {
      await startEmulator(location);
      const state = readState(location.stateFile);
      process.kill(state?.pid ?? 0, 'SIGKILL');
      await gone(state?.pid ?? 0);
      expect(isAlive(state?.motoPid ?? 0)).toBe(true);
      expect(await startEmulator(location)).toBe(true);
      await gone(state?.motoPid ?? 0);
    } finally {
      await stopEmulator(location);
    }
  }, 60_000);
});
