import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  chooseProviderSource,
  findProgram,
  findProviderMirror,
  findTerraform,
  isAtLeast,
  requireProviders,
} from '../../../local/toolchain';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'strata-toolchain-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function mirror(parent: string, name: string): string {
  const path = join(parent, name);
  mkdirSync(join(path, 'registry.terraform.io', 'hashicorp', 'aws', '5.100.0'), { recursive: true });
  return path;
}

describe('findProgram', () => {
  it('takes the first executable on PATH and skips files that are not executable', () => {
    const path = program('tool', 'exit 0');
    writeFileSync(join(directory, 'plain'), '');
    expect(findProgram('tool', { PATH: `/nowhere:${directory}` })).toBe(path);
    expect(findProgram('plain', { PATH: directory })).toBeUndefined();
    expect(findProgram('tool', { PATH: '' })).toBeUndefined();
  });
});

describe('findTerraform', () => {
  it('says what to install when there is none', async () => {
    await expect(findTerraform({ PATH: '' })).rejects.toThrow(
      "no 'terraform' on PATH: install Terraform 1.10.0 or newer (https://developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME to its path",
    );
  });

  it('names TERRAFORM_BINARY_NAME when that is what is wrong', async () => {
    await expect(findTerraform({ PATH: '', TERRAFORM_BINARY_NAME: '/nowhere/terraform' })).rejects.toThrow(
      "'/nowhere/terraform', from TERRAFORM_BINARY_NAME, is not an executable",
    );
  });

  it('refuses a version without S3 state locking', async () => {
    program('terraform', `echo '{"terraform_version":"1.9.8"}'`);
    await expect(findTerraform({ PATH: directory })).rejects.toThrow(
      'is Terraform 1.9.8, and 1.10.0 or newer is needed for S3 state locking (use_lockfile)',
    );
  });

  it('reads the version past a warning about the configuration', async () => {
    const path = program('terraform', `echo 'There are some problems'; echo '{"terraform_version":"1.11.4"}'`);
    expect(await findTerraform({ PATH: directory })).toEqual({ path, version: '1.11.4' });
  });

  it('says so when the program does not answer', async () => {
    program('terraform', 'exit 3');
    await expect(findTerraform({ PATH: directory })).rejects.toThrow("did not answer 'version -json'");
  });

  it.each([
    ['1.10.0', '1.10.0', true],
    ['1.9.9', '1.10.0', false],
    ['2.0.0', '1.10.0', true],
    ['1.10.0-beta1', '1.10.0', true],
    ['unknown', '1.10.0', false],
  ])('isAtLeast(%s, %s) is %s', (version, minimum, expected) => expect(isAtLeast(version, minimum)).toBe(expected));
});

describe('findProviderMirror', () => {
  it('finds a mirror directly below a parent, in order, and ignores empty ones and parents that do not exist', () => {
    mkdirSync(join(directory, 'empty', 'registry.terraform.io', 'hashicorp', 'aws'), { recursive: true });
    const found = mirror(directory, 'plugins');
    mirror(directory, 'zz');
    expect(findProviderMirror(['/nowhere', directory])).toBe(found);
    expect(findProviderMirror([join(directory, 'empty')])).toBeUndefined();
  });
});

describe('chooseProviderSource', () => {
  const options = (environment: Record<string, string> = {}) => ({
    generatedPath: join(directory, 'out', 'terraform.rc'),
    environment,
    mirrorParents: [join(directory, 'parent')],
    defaultPath: join(directory, 'default.rc'),
  });
  const generated = (): string => readFileSync(join(directory, 'out', 'terraform.rc'), 'utf8');

  it('uses the registry and writes nothing when there is no mirror and nothing is wrong', () => {
    expect(chooseProviderSource(options())).toEqual({ kind: 'registry', setConfigFile: undefined });
    expect(existsSync(join(directory, 'out'))).toBe(false);
  });

  it('writes a configuration for the providers the mirror holds, and for those only', () => {
    const path = mirror(join(directory, 'parent'), 'plugins');
    const source = chooseProviderSource(options());
    expect(source).toEqual({ kind: 'mirror', mirror: path, setConfigFile: join(directory, 'out', 'terraform.rc') });
    expect(generated()).toContain(`path    = "${path}"\n    include = ["registry.terraform.io/hashicorp/aws"]`);
    expect(generated()).toContain('direct {\n    exclude = ["registry.terraform.io/hashicorp/aws"]');
  });

  it('replaces a TF_CLI_CONFIG_FILE that does not exist', () => {
    const source = chooseProviderSource(options({ TF_CLI_CONFIG_FILE: join(directory, 'missing.rc') }));
    expect(source).toEqual({ kind: 'registry', setConfigFile: join(directory, 'out', 'terraform.rc') });
    expect(generated()).not.toContain('provider_installation');
  });

  it("leaves a user's own provider_installation alone", () => {
    mirror(join(directory, 'parent'), 'plugins');
    const own = join(directory, 'own.rc');
    writeFileSync(own, 'provider_installation {\n  direct {}\n}\n');
    expect(chooseProviderSource(options({ TF_CLI_CONFIG_FILE: own }))).toEqual({
      kind: 'own-configuration',
      configFile: own,
      setConfigFile: undefined,
    });
  });

  it("keeps what else the user's configuration says, and still knows it when its own file is the setting", () => {
    mirror(join(directory, 'parent'), 'plugins');
    const own = join(directory, 'own.rc');
    writeFileSync(own, 'disable_checkpoint = true\n');
    const first = chooseProviderSource(options({ TF_CLI_CONFIG_FILE: own }));
    const text = generated();
    expect(text).toContain('disable_checkpoint = true');
    const second = chooseProviderSource(options({ TF_CLI_CONFIG_FILE: first.setConfigFile ?? '' }));
    expect(second).toEqual(first);
    expect(generated()).toBe(text);
  });
});

describe('requireProviders', () => {
  it('says what was looked for and what to do when providers can come from nowhere', async () => {
    const check = requireProviders(
      { kind: 'registry', setConfigFile: undefined },
      { registryUrl: 'http://127.0.0.1:9/', mirrorParents: ['/a', '/b'], timeoutMilliseconds: 2000 },
    );
    await expect(check).rejects.toThrow(
      /cannot get the AWS provider: 127\.0\.0\.1:9 is not reachable \(.+\), and no filesystem mirror was found/,
    );
    await expect(check).rejects.toThrow('directly below /a, /b.');
    await expect(check).rejects.toThrow("'terraform providers mirror <directory>'");
  });

  it('asks no registry when there is a mirror', async () => {
    await expect(
      requireProviders({ kind: 'mirror', mirror: '/m', setConfigFile: '/c' }, { registryUrl: 'http://127.0.0.1:9/' }),
    ).resolves.toBeUndefined();
  });
});
