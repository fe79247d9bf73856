// What `npm run images` says before it builds anything; that it builds, pushes and deploys is part of
// __tests__/e2e/ci-cd.test.ts.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HELP, readArguments } from '../../../scripts/images/arguments';
import { requireDocker, runDocker } from '../../../scripts/images/docker';
import { UserError } from '../../../local/toolchain';

describe('the arguments', () => {
  test('one application, and options', () => {
    expect(readArguments(['app-web'])).toEqual({ app: 'app-web', deploy: false, push: true, dryRun: false });
    expect(readArguments(['app-web', '--tag=1', '--deploy', '--environment=prod', '--repository=web'])).toMatchObject({
      tag: '1',
      deploy: true,
      environment: 'prod',
      repository: 'web',
    });
    expect(readArguments(['--help'])).toBeUndefined();
  });

  test.each<[string[], string]>([
    [[], 'name one application, such as app-web'],
    [['app-web', 'app-was'], 'name one application, such as app-web'],
    [['app-web', '--tag=a b'], '--tag: "a b" is not a tag; use 1 to 128 letters, digits and _ . -'],
    [['app-web', '--deploy', '--no-push'], '--deploy: an image that was not pushed cannot be deployed'],
    [['app-web', '--pus'], HELP],
  ])('%j is refused', (args, message) => {
    expect(() => readArguments(args)).toThrow(UserError);
    expect(() => readArguments(args)).toThrow(message);
  });
});

describe('docker', () => {
  const { PATH } = process.env;
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-docker-'));
  const docker = (script: string): void => {
    writeFileSync(path.join(folder, 'docker'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, 'docker'), 0o755);
  };
  beforeEach(() => {
    process.env.PATH = folder;
  });
  afterEach(() => {
    process.env.PATH = PATH;
    rmSync(path.join(folder, 'docker'), { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('that is not there', () => {
    expect(() => requireDocker()).toThrow(
      "no docker on PATH. This command needs Docker with its builder buildx: https://docs.docker.com/engine/install/. Or have the application's pipeline build it: see docs/shipping.md.",
    );
  });
  test('without its builder', () => {
    docker('[ "$1" != buildx ]');
    expect(() => requireDocker()).toThrow(`docker (${folder}/docker) has no buildx. Install the plugin`);
  });
  test('without a daemon', () => {
    docker('[ "$1" = buildx ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }');
    expect(() => requireDocker()).toThrow(
      'has no daemon that answers: Cannot connect to the Docker daemon. Start it, or let your user reach it.',
    );
  });
  test('that is there', () => {
    docker('exit 0');
    expect(requireDocker()).toBe(`${folder}/docker`);
  });
  test('that ends before it has read the password: its status counts', () => {
    // More than a pipe holds: it breaks every time.
    const password = 'x'.repeat(1_000_000);
    docker('exit 0');
    expect(() => runDocker(`${folder}/docker`, ['login'], password)).not.toThrow();
    docker('exit 3');
    expect(() => runDocker(`${folder}/docker`, ['login'], password)).toThrow('docker login ended with 3');
  });
});
