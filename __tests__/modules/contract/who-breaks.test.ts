import { whoBreaks, type Consumer, type ContractDescription } from '@strata/contract';

const text = { type: 'string', description: 'x' };
const before: ContractDescription = {
  layer: 'network',
  owner: 'platform',
  version: '1.4.0',
  outputs: { vpc_id: text, zones: text },
};
const consumer = (range: string, ...outputs: string[]): Consumer => ({
  name: 'shop/dev/compute',
  source: 'cdktf.out',
  range,
  outputs,
});

/** Why a consumer breaks. */
function reasons(
  candidate: Partial<ContractDescription>,
  who: Consumer,
  formerly: ContractDescription | undefined = before,
): readonly string[] {
  const [verdict] = whoBreaks({ ...before, ...candidate }, [who], formerly);
  expect(verdict?.consumer).toBe(who);
  return verdict!.reasons;
}

test('nobody breaks by a version in the range with all that is used', () => {
  expect(reasons({ version: '1.5.0' }, consumer('^1.0', 'vpc_id', 'zones'))).toEqual([]);
});

test('an output that nobody uses may go', () => {
  expect(reasons({ version: '2.0.0', outputs: { vpc_id: text } }, consumer('>=1 <3', 'vpc_id'))).toEqual([]);
});

test('a version outside the range breaks', () => {
  expect(reasons({ version: '2.0.0' }, consumer('^1.0', 'vpc_id'))).toEqual(['accepts ^1.0, not 2.0.0']);
});

test('an output that is used and not there breaks', () => {
  expect(reasons({ outputs: { vpc_id: text } }, consumer('^1.0', 'vpc_id', 'zones'))).toEqual([
    'uses "zones", which is not in it',
  ]);
});

test('an output of another type breaks, where its former type is known', () => {
  const outputs = { ...before.outputs, zones: { ...text, type: 'list(string)' } };
  expect(reasons({ outputs }, consumer('^1.0', 'zones'))).toEqual([
    'uses "zones", whose type changes from string to list(string)',
  ]);
  expect(whoBreaks({ ...before, outputs }, [consumer('^1.0', 'zones')])[0]!.reasons).toEqual([]);
});

test('all reasons are given, for each consumer its own', () => {
  const verdicts = whoBreaks(
    { ...before, version: '2.0.0', outputs: {} },
    [consumer('^1.0', 'vpc_id', 'zones'), consumer('^2.0')],
    before,
  );
  expect(verdicts.map((verdict) => verdict.reasons)).toEqual([
    ['accepts ^1.0, not 2.0.0', 'uses "vpc_id", which is not in it', 'uses "zones", which is not in it'],
    [],
  ]);
});
