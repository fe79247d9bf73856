import { compareContracts, type ContractDescription } from '@strata/contract';

const vpcId = { type: 'string', description: 'Id of the VPC' };
const before: ContractDescription = {
  layer: 'network',
  owner: 'platform',
  version: '1.4.2',
  outputs: { vpc_id: vpcId },
};
const after = (change: Partial<ContractDescription>): ContractDescription => ({ ...before, ...change });

test('the same contract needs no new version', () => {
  expect(compareContracts(before, after({}))).toEqual({
    changes: [],
    required: undefined,
    lowestVersion: '1.4.2',
    problems: [],
  });
});

test('a version may be raised without a change', () => {
  expect(compareContracts(before, after({ version: '2.0.0' }))).toMatchObject({ required: undefined, problems: [] });
});

describe.each<[string, Partial<ContractDescription>, string, string, string, string]>([
  ['removing an output', { outputs: {} }, 'major', '2.0.0', 'output "vpc_id" was removed', '1.99.0'],
  [
    'retyping an output',
    { outputs: { vpc_id: { ...vpcId, type: 'list(string)' } } },
    'major',
    '2.0.0',
    'output "vpc_id" changed its type from string to list(string)',
    '1.5.0',
  ],
  ['renaming the layer', { layer: 'net' }, 'major', '2.0.0', 'layer "network" was renamed to "net"', '1.4.3'],
  [
    'adding an output',
    { outputs: { vpc_id: vpcId, zones: vpcId } },
    'minor',
    '1.5.0',
    'output "zones" was added',
    '1.4.9',
  ],
  [
    'describing an output in other words',
    { outputs: { vpc_id: { ...vpcId, description: 'The VPC' } } },
    'patch',
    '1.4.3',
    'output "vpc_id" has a new description',
    '',
  ],
  ['another owner', { owner: 'network-team' }, 'patch', '1.4.3', 'owner "platform" became "network-team"', ''],
])('%s', (_title, change, impact, lowest, text, tooLow) => {
  const what = `contract "${change.layer ?? 'network'}" (owner ${change.owner ?? 'platform'})`;

  test(`is ${impact}`, () => {
    expect(compareContracts(before, after(change))).toMatchObject({
      required: impact,
      lowestVersion: lowest,
      changes: [{ impact, text }],
    });
  });

  test('fails where the version stays', () => {
    expect(compareContracts(before, after(change)).problems).toEqual([
      `${what}: ${text}, which is a ${impact} change, but the version is still 1.4.2; raise it to ${lowest} or higher`,
    ]);
  });

  test('passes with the lowest version, and with one above it', () => {
    expect(compareContracts(before, after({ ...change, version: lowest })).problems).toEqual([]);
    expect(compareContracts(before, after({ ...change, version: '7.0.0' })).problems).toEqual([]);
  });

  if (tooLow !== '') {
    test('fails where the version is raised too little', () => {
      const raised = tooLow.startsWith('1.4') ? 'patch' : 'minor';
      expect(compareContracts(before, after({ ...change, version: tooLow })).problems).toEqual([
        `${what}: ${text}, which is a ${impact} change, but the version is raised only by ${raised}, from 1.4.2 to ${tooLow}; raise it to ${lowest} or higher`,
      ]);
    });
  }
});

test('of several changes the largest decides, and only those are named', () => {
  const comparison = compareContracts(before, after({ owner: 'new', outputs: { zones: vpcId, nat: vpcId } }));
  expect(comparison.changes.map(({ impact }) => impact)).toEqual(['patch', 'major', 'minor', 'minor']);
  expect(comparison.problems).toEqual([
    'contract "network" (owner new): output "vpc_id" was removed, which is a major change, but the version is still 1.4.2; raise it to 2.0.0 or higher',
  ]);
});

test('several changes of one size are each named', () => {
  expect(
    compareContracts({ ...before, outputs: { a: vpcId, b: vpcId } }, after({ outputs: {} })).problems,
  ).toHaveLength(2);
});

test('a version cannot go back', () => {
  expect(compareContracts(before, after({ version: '1.4.1' })).problems).toEqual([
    'contract "network" (owner platform): version 1.4.1 is lower than the 1.4.2 before it; raise it to 1.4.2 or higher',
  ]);
  expect(compareContracts(before, after({ version: '0.9.0', outputs: {} })).problems).toEqual([
    'contract "network" (owner platform): version 0.9.0 is lower than the 1.4.2 before it; raise it to 2.0.0 or higher',
  ]);
});

test('before 1.0.0 a break leads to it', () => {
  expect(
    compareContracts({ ...before, version: '0.3.1' }, after({ version: '0.4.0', outputs: {} })).lowestVersion,
  ).toBe('1.0.0');
});
