import { execFileSync, spawnSync } from 'node:child_process';

import { emulatorEnvironment, shellLines, withEmulator } from '../../../local/aws/environment';
import { locate } from '../../../local/aws/location';
import type { ProviderSource } from '../../../local/toolchain';

const registry: ProviderSource = { kind: 'registry', setConfigFile: undefined };
const location = locate({}, '/checkout');

describe('the environment of the emulator', () => {
  it('points everything at it, with credentials of no account', () => {
    const { set, unset } = emulatorEnvironment(location, registry, {});
    expect(set).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:5555',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'ap-northeast-2',
      AWS_DEFAULT_REGION: 'ap-northeast-2',
      CDKTF_SKIP_PROVIDER_LOCK: 'true',
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
      CHECKPOINT_DISABLE: '1',
    });
    expect(set).not.toHaveProperty('TF_CLI_CONFIG_FILE');
    expect(set).not.toHaveProperty('STRATA_EMULATOR_PORT');
    expect(unset).toEqual([]);
  });

  it('takes away what would win over it', () => {
    const { unset } = emulatorEnvironment(location, registry, {
      AWS_PROFILE: 'real',
      AWS_ENDPOINT_URL_S3: 'x',
      AWS_SESSION_TOKEN: 't',
      AWS_PAGER: '',
    });
    expect(unset).toEqual(['AWS_ENDPOINT_URL_S3', 'AWS_PROFILE', 'AWS_SESSION_TOKEN']);
    expect(withEmulator({ set: { A: '1' }, unset: ['AWS_PROFILE'] }, { AWS_PROFILE: 'real', B: '2' })).toEqual({
      A: '1',
      B: '2',
    });
  });

  it('names the configuration file and another port when there are', () => {
    const other = locate({ STRATA_EMULATOR_PORT: '6001' }, '/checkout');
    const { set } = emulatorEnvironment(
      other,
      { kind: 'mirror', mirror: '/m', setConfigFile: '/checkout/.strata/terraform.rc' },
      {},
    );
    expect(set).toMatchObject({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:6001',
      STRATA_EMULATOR_PORT: '6001',
      TF_CLI_CONFIG_FILE: '/checkout/.strata/terraform.rc',
    });
  });

  it('keeps a proxy away from the emulator', () => {
    const { set } = emulatorEnvironment(location, registry, { HTTP_PROXY: 'http://proxy', NO_PROXY: 'internal' });
    expect(set.NO_PROXY).toBe('internal,127.0.0.1');
    expect(emulatorEnvironment(location, registry, { HTTP_PROXY: 'http://proxy', ...set }).set.NO_PROXY).toBe(
      'internal,127.0.0.1',
    );
  });

  it('is the same when it is asked for again after an eval', () => {
    const first = emulatorEnvironment(location, registry, { AWS_PROFILE: 'real' });
    const second = emulatorEnvironment(location, registry, withEmulator(first, { AWS_PROFILE: 'real' }));
    expect(second.set).toEqual(first.set);
    expect(second.unset).toEqual([]);
  });

  it('lets cdktf show how Terraform failed, whichever Terraform it is', () => {
    const own = emulatorEnvironment(location, registry, { TERRAFORM_BINARY_NAME: '/opt/terraform' }).set;
    expect(own).toMatchObject({
      TERRAFORM_BINARY_NAME: expect.stringMatching(/terraform-whole-output\.sh$/),
      STRATA_TERRAFORM: '/opt/terraform',
    });
    expect(emulatorEnvironment(location, registry, own).set).toEqual(own);
    expect(emulatorEnvironment(location, registry, {}).set).not.toHaveProperty('STRATA_TERRAFORM');

    const script = String(own.TERRAFORM_BINARY_NAME);
    const terraform = (code: number) =>
      spawnSync(script, ['-c', `printf '%s' "$0 $1"; exit ${code}`, 'a b', 'c'], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, STRATA_TERRAFORM: 'sh' },
      });
    expect(terraform(0)).toMatchObject({ status: 0, stdout: 'a b c' });
    expect(terraform(3)).toMatchObject({ status: 3, stdout: 'a b c' });
  });

  it('survives a shell, quotes and all', () => {
    const lines = shellLines({ set: { A: `it's "$HOME"`, B: 'x' }, unset: ['C'] });
    const output = execFileSync('sh', ['-c', `${lines}printf '%s|%s|%s' "$A" "$B" "\${C-unset}"`], {
      encoding: 'utf8',
      env: { C: 'set', PATH: process.env.PATH },
    });
    expect(output).toBe(`it's "$HOME"|x|unset`);
  });

  it.each(['0', 'abc', '70000', '55.5'])('refuses the port %s', (port) => {
    expect(() => locate({ STRATA_EMULATOR_PORT: port })).toThrow(
      `STRATA_EMULATOR_PORT is '${port}': give a port between 1 and 65535, or unset it for 5555`,
    );
  });
});
