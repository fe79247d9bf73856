import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { contractsCommand } from '../../../scripts/contracts/command';
import { Repository } from './repository';

let repository: Repository;
const baseReference = process.env.STRATA_BASE_REF;

beforeEach(() => {
  process.env.STRATA_BASE_REF = 'HEAD';
  repository = new Repository();
  repository.layer('network', { version: '1.0.0', outputs: { vpcId: 'string', natMode: 'string' } });
  repository.write();
});
afterEach(() => {
  repository.remove();
  if (baseReference === undefined) delete process.env.STRATA_BASE_REF;
  else process.env.STRATA_BASE_REF = baseReference;
});

async function run(...args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const code = await contractsCommand(repository.root, args, {
    out: (text) => void (out += text),
    error: (text) => void (error += text),
  });
  return { code, out, error };
}

describe('check', () => {
  test('ends with 0 where all is well', async () => {
    repository.git('init', '-q');
    repository.commit();
    expect(await run('check')).toEqual({
      code: 0,
      error: '',
      out: 'contracts: 1 in step, versions raised far enough since HEAD; readers in this repository: 0, all accept what they read.\n',
    });
  });

  test('ends with 1 and every problem', async () => {
    repository.git('init', '-q');
    repository.commit();
    repository.layer('network', { version: '1.0.0', outputs: { natMode: 'string' } });
    expect(await run('check', '--base', 'HEAD')).toEqual({
      code: 1,
      out: '2 problems.\n',
      error:
        'stacks/network/contract/contract.json: is not in step with its contract; run: npm run contracts -- write\n' +
        'contract "network" (owner team-network): output "vpc_id" was removed, which is a major change, but the version is still 1.0.0; raise it to 2.0.0 or higher (compared with HEAD)\n',
    });
  });

  test('ends with 77 and the reason in its last line where versions could not be compared', async () => {
    expect(await run('check')).toEqual({
      code: 77,
      error: '',
      out: 'contracts: 1 in step; readers in this repository: 0, all accept what they read.\nNot checked whether versions were raised far enough: this is not a git checkout.\n',
    });
  });

  test('with a problem ends with 1, also where versions could not be compared', async () => {
    repository.readers({}, 'broken');
    expect(await run('check')).toEqual({
      code: 1,
      error: 'environments dev, prod cannot be synthesized: broken\n',
      out: '1 problem.\n',
    });
  });

  test('refuses an option that is not there', async () => {
    await expect(run('check', '--bass', 'HEAD')).rejects.toThrow(
      /^Unknown option '--bass'[^]*Usage: npm run contracts/,
    );
  });
});

test('write names what it wrote', async () => {
  expect((await run('write')).out).toBe('Every contract.json is in step already.\n');
  repository.layer('network', { version: '1.1.0', outputs: { vpcId: 'string' } });
  repository.layer('registry', { version: '1.0.0', outputs: {} });
  expect((await run('write')).out).toBe(
    'Wrote stacks/network/contract/contract.json, stacks/registry/contract/contract.json.\n',
  );
});

test("who-breaks takes the contract from the layer's package, and the one before from git", async () => {
  repository.git('init', '-q');
  repository.commit();
  repository.readers({ network: { range: '^1.0', outputs: ['nat_mode'] } });
  repository.layer('network', { version: '2.0.0', outputs: { vpcId: 'string' } });
  const { code, out } = await run('who-breaks', 'network');
  expect(code).toBe(1);
  expect(out).toContain(
    'contract "network" 2.0.0 (owner team-network)\nbefore: 1.0.0 at HEAD; output "nat_mode" was removed\n',
  );
  expect(out).toContain(
    'shop/dev/compute   synthesized now  ^1.0   BREAKS: accepts ^1.0, not 2.0.0; uses "nat_mode", which is not in it\n',
  );
});

test('who-breaks names the layers there are', async () => {
  expect(await run('who-breaks', 'netwrk')).toEqual({
    code: 2,
    error: '',
    out: 'layer "netwrk" has no contract here; use one of network\n',
  });
});

test.each([[[]], [['help']], [['--help']], [['-h']]])('%j says how to use it', async (args) => {
  expect(await run(...args)).toEqual({
    code: 0,
    error: '',
    out: expect.stringMatching(/^Usage: npm run contracts -- <command>\n/),
  });
});

test('a command that is not there is refused', async () => {
  await expect(run('chekc')).rejects.toThrow(/^unknown command "chekc"\n\nUsage:/);
});

test('npm run contracts starts it', () => {
  const root = path.resolve(__dirname, '../../..');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/tsx/dist/cli.mjs'),
      path.join(root, 'scripts/contracts.ts'),
      'check',
      '--base',
      'no-such-base',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(stderr).toBe(
    '\nbase "no-such-base" is not a commit in this checkout; fetch it, or name another with --base\n',
  );
  expect(status).toBe(1);
});
