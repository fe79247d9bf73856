import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkContracts } from '../../../scripts/contracts/check';
import { previousContract } from '../../../scripts/contracts/previous-contract';
import { contractOfLayer } from '../../../scripts/contracts/layer-contracts';
import { Repository } from './repository';

let repository: Repository;
const before = { ...process.env };

beforeEach(() => {
  // A CI that runs these tests has a base of its own.
  for (const name of ['STRATA_BASE_REF', 'GITHUB_BASE_REF', 'CI_MERGE_REQUEST_DIFF_BASE_SHA']) delete process.env[name];
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
  Object.assign(process.env, before);
});

/** Network 1.0.0 with two outputs, committed. */
function published(): void {
  repository.git('init', '-q');
  repository.layer('network', { version: '1.0.0', outputs: { vpcId: 'string', natMode: 'string' } });
  repository.write();
  repository.commit();
}

/** The network's contract is now so, in both files. */
function change(version: string, outputs: Readonly<Record<string, 'string' | 'number'>>): void {
  repository.layer('network', { version, outputs });
  repository.write();
}

const problems = async (base?: string): Promise<readonly string[]> =>
  (await checkContracts(repository.root, base)).problems;

test('a contract that nobody touched passes', async () => {
  published();
  repository.readers({ network: { range: '^1.0', outputs: ['vpc_id'] } });
  expect(await checkContracts(repository.root)).toEqual({
    problems: [],
    notCompared: undefined,
    summary:
      'contracts: 1 in step, versions raised far enough since HEAD; readers in this repository: 2, all accept what they read',
  });
});

describe('a version', () => {
  const changed = 'contract "network" (owner team-network): output';

  test.each<[string, string, Record<string, 'string' | 'number'>, string[]]>([
    [
      'as it was, though an output was removed',
      '1.0.0',
      { vpcId: 'string' },
      [
        `${changed} "nat_mode" was removed, which is a major change, but the version is still 1.0.0; raise it to 2.0.0 or higher (compared with HEAD)`,
      ],
    ],
    [
      'raised by minor, though an output was removed',
      '1.1.0',
      { vpcId: 'string' },
      [
        `${changed} "nat_mode" was removed, which is a major change, but the version is raised only by minor, from 1.0.0 to 1.1.0; raise it to 2.0.0 or higher (compared with HEAD)`,
      ],
    ],
    [
      'raised by minor, though an output was retyped',
      '1.1.0',
      { vpcId: 'string', natMode: 'number' },
      [
        `${changed} "nat_mode" changed its type from string to number, which is a major change, but the version is raised only by minor, from 1.0.0 to 1.1.0; raise it to 2.0.0 or higher (compared with HEAD)`,
      ],
    ],
    [
      'raised by patch, though an output was added',
      '1.0.1',
      { vpcId: 'string', natMode: 'string', zones: 'number' },
      [
        `${changed} "zones" was added, which is a minor change, but the version is raised only by patch, from 1.0.0 to 1.0.1; raise it to 1.1.0 or higher (compared with HEAD)`,
      ],
    ],
    [
      'lower than before',
      '0.9.0',
      { vpcId: 'string', natMode: 'string' },
      [
        'contract "network" (owner team-network): version 0.9.0 is lower than the 1.0.0 before it; raise it to 1.0.0 or higher (compared with HEAD)',
      ],
    ],
    ['raised by major, as an output was removed', '2.0.0', { vpcId: 'string' }, []],
    ['raised by minor, as an output was added', '1.1.0', { vpcId: 'string', natMode: 'string', zones: 'number' }, []],
  ])('%s', async (_title, version, outputs, expected) => {
    published();
    change(version, outputs);
    expect(await problems()).toEqual(expected);
  });

  test('is compared with where a branch left its base, not with what the base became', async () => {
    published();
    repository.git('checkout', '-q', '-b', 'feature');
    change('1.1.0', { vpcId: 'string', natMode: 'string', zones: 'number' });
    repository.commit();
    repository.git('checkout', '-q', 'main');
    change('1.1.0', { vpcId: 'string', natMode: 'string', other: 'number' });
    repository.commit();
    repository.git('checkout', '-q', 'feature');
    expect(await checkContracts(repository.root)).toMatchObject({
      problems: [],
      summary: expect.stringContaining('since main'),
    });
    change('1.1.0', { vpcId: 'string' });
    repository.commit();
    expect(await problems()).toEqual([expect.stringContaining('(compared with main)')]);
  });

  test('on the default branch is compared with the commit before, and with what is committed', async () => {
    published();
    change('1.1.0', { vpcId: 'string', natMode: 'string', zones: 'number' });
    repository.commit();
    expect(await problems()).toEqual([]);
    // Against 1.0.0 this would be raised far enough; 1.1.0 is published already.
    change('1.1.0', { vpcId: 'string', natMode: 'string', zones: 'number', more: 'number' });
    expect(await problems()).toEqual([
      expect.stringContaining(
        'output "more" was added, which is a minor change, but the version is still 1.1.0; raise it to 1.2.0 or higher (compared with HEAD)',
      ),
    ]);
    change('1.1.0', { vpcId: 'string' });
    repository.commit();
    expect(await problems()).toEqual([
      expect.stringContaining('output "nat_mode" was removed, which is a major change, but the version is still 1.1.0'),
      expect.stringContaining('output "zones" was removed, which is a major change, but the version is still 1.1.0'),
    ]);
  });

  test('is compared with the base that is named', async () => {
    published();
    repository.git('tag', 'release');
    change('1.0.0', { vpcId: 'string' });
    repository.commit();
    repository.commit();
    expect(await problems()).toEqual([]);
    expect(await problems('release')).toEqual([expect.stringContaining('(compared with release)')]);
    process.env.STRATA_BASE_REF = 'release';
    expect(await problems()).toEqual([expect.stringContaining('(compared with release)')]);
  });

  test("is compared with a pull request's base", async () => {
    published();
    const base = repository.git('rev-parse', 'HEAD');
    change('1.0.0', { vpcId: 'string' });
    repository.commit();
    repository.commit();
    repository.git('update-ref', 'refs/remotes/origin/release', base);
    process.env.GITHUB_BASE_REF = 'release';
    expect(await problems()).toEqual([expect.stringContaining('(compared with origin/release)')]);
    delete process.env.GITHUB_BASE_REF;
    process.env.CI_MERGE_REQUEST_DIFF_BASE_SHA = base;
    expect(await problems()).toEqual([expect.stringContaining(`(compared with ${base})`)]);
  });

  test('cannot be compared with a commit that is not there', async () => {
    published();
    await expect(checkContracts(repository.root, 'gone')).rejects.toThrow(
      'base "gone" is not a commit in this checkout; fetch it, or name another with --base',
    );
  });

  test.each<[string, string, () => void]>([
    ['outside of git', 'this is not a git checkout', () => undefined],
    ['before the first commit', 'nothing is committed yet', () => repository.git('init', '-q')],
    [
      'in a shallow checkout',
      'this checkout is shallow; fetch its base, or set STRATA_BASE_REF',
      () => {
        published();
        repository.put('.git/shallow', `${repository.git('rev-parse', 'HEAD')}\n`);
      },
    ],
  ])('cannot be compared %s', async (_title, reason, prepare) => {
    prepare();
    repository.layer('network', { version: '1.0.0', outputs: { vpcId: 'string' } });
    repository.write();
    expect(await checkContracts(repository.root)).toEqual({
      problems: [],
      notCompared: reason,
      summary: 'contracts: 1 in step; readers in this repository: 0, all accept what they read',
    });
  });

  test('of a layer that is new is as it likes', async () => {
    published();
    repository.layer('registry', { version: '3.2.1', outputs: {} });
    repository.write();
    expect(await problems()).toEqual([]);
  });

  test('is not compared with a file that holds no JSON', async () => {
    published();
    repository.put('stacks/network/contract/contract.json', '<<<<<<<');
    repository.commit();
    change('1.0.0', { vpcId: 'string', natMode: 'string' });
    await expect(checkContracts(repository.root)).rejects.toThrow(
      /^stacks\/network\/contract\/contract\.json at HEAD: .*JSON/,
    );
  });
});

describe('contract.json', () => {
  const outOfStep = [
    'stacks/network/contract/contract.json: is not in step with its contract; run: npm run contracts -- write',
  ];

  test('has to be in step', async () => {
    published();
    repository.layer('network', { version: '1.0.1', outputs: { vpcId: 'string', natMode: 'string' } });
    expect(await problems()).toEqual(outOfStep);
    expect(repository.write()).toEqual(['stacks/network/contract/contract.json']);
    expect(await problems()).toEqual([]);
    expect(repository.write()).toEqual([]);
  });

  test.each([
    ['be there', () => rmSync(path.join(repository.root, 'stacks/network/contract/contract.json'))],
    ['be whole', () => repository.put('stacks/network/contract/contract.json', '{')],
  ])('has to %s', async (_title, damage) => {
    published();
    damage();
    expect(await problems()).toEqual(outOfStep);
  });

  test('says what the contract says, outputs sorted', () => {
    published();
    expect(readFileSync(path.join(repository.root, 'stacks/network/contract/contract.json'), 'utf8')).toBe(`{
  "layer": "network",
  "owner": "team-network",
  "version": "1.0.0",
  "outputs": {
    "nat_mode": {
      "type": "string",
      "description": "x"
    },
    "vpc_id": {
      "type": "string",
      "description": "x"
    }
  }
}
`);
  });
});

describe('a reader in the repository', () => {
  test.each([
    ['in a range that leaves the contract out', { range: '^2.0', outputs: ['vpc_id'] }, 'accepts ^2.0, not 1.0.0'],
    ['of an output that is not there', { range: '^1.0', outputs: ['zones'] }, 'uses "zones", which is not in it'],
  ])('%s is a problem', async (_title, reads, why) => {
    published();
    repository.readers({ network: reads });
    expect(await problems()).toEqual([
      `contract "network" (owner team-network): 1.0.0 breaks shop/dev/compute, shop/prod/compute: ${why}`,
    ]);
  });

  test('that keeps environments from being synthesized says why', async () => {
    published();
    repository.readers(
      {},
      'layer "compute" reads contract "network" (owner team-network) in the range ^2.0, but the version installed is 1.0.0',
    );
    expect(await problems()).toEqual([
      'environments dev, prod cannot be synthesized: layer "compute" reads contract "network" (owner team-network) in the range ^2.0, but the version installed is 1.0.0',
    ]);
  });

  test('keeps a contract from being removed', async () => {
    published();
    repository.removeLayer('network');
    expect(await problems()).toEqual([]);
    repository.readers({ network: { range: '^1.0', outputs: [] } });
    expect(await problems()).toEqual([
      'contract "network" (owner team-network): 1.0.0 was removed since HEAD, but is still read by shop/dev/compute, shop/prod/compute; keep it until no stack reads it',
    ]);
  });

  test('does not mind a layer that moved to another folder', async () => {
    published();
    repository.removeLayer('network');
    // Its owner is another, which is a patch.
    repository.layer('vpc', { layer: 'network', version: '1.0.1', outputs: { vpcId: 'string', natMode: 'string' } });
    repository.write();
    repository.readers({ network: { range: '^1.0', outputs: ['vpc_id'] } });
    expect(await problems()).toEqual([]);
    repository.layer('vpc', { layer: 'network', version: '1.0.1', outputs: { vpcId: 'string' } });
    repository.write();
    expect(await problems()).toEqual([
      expect.stringContaining(
        'output "nat_mode" was removed, which is a major change, but the version is raised only by patch, from 1.0.0 to 1.0.1',
      ),
    ]);
  });
});

describe('the former contract, which "who breaks" compares with', () => {
  test('is the last that differs', () => {
    published();
    change('1.1.0', { vpcId: 'string' });
    expect(previousContract(repository.root, 'network')).toMatchObject({
      contract: { version: '1.0.0' },
      from: 'HEAD',
    });
    repository.commit();
    expect(previousContract(repository.root, 'network')).toMatchObject({
      contract: { version: '1.0.0' },
      from: 'HEAD^',
    });
    repository.commit();
    expect(previousContract(repository.root, 'network')).toMatchObject({
      contract: { version: '1.1.0' },
      from: 'HEAD',
    });
  });

  test('is not there for a layer that is new', () => {
    published();
    repository.layer('registry', { version: '1.0.0', outputs: {} });
    expect(previousContract(repository.root, 'registry')).toBeUndefined();
    expect(previousContract(repository.root, 'gone')).toBeUndefined();
  });
});

describe('the contract of a layer', () => {
  test("is asked for by the layer's name", () => {
    published();
    expect(contractOfLayer(repository.root, 'network').version).toBe('1.0.0');
    expect(() => contractOfLayer(repository.root, 'netwrk')).toThrow(
      'layer "netwrk" has no contract here; use one of network',
    );
  });

  test('is one for each package', () => {
    repository.put('stacks/none/contract/index.ts', 'export const x = 1;');
    expect(() => repository.write()).toThrow(
      /stacks.none.contract.index\.ts: exports 0 contracts; export one, made with defineContract$/,
    );
  });
});
