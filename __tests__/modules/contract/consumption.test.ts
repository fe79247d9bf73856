import { consumerIn } from '@strata/contract';

const who = { name: 'shop/dev/compute', source: 'a state' };

test('tells how a stack reads a contract', () => {
  const outputs = {
    contract_version: '1.0.0',
    contract_consumes: { network: { range: '^1.2', outputs: ['vpc_id'] }, registry: { range: '^2.0', outputs: [] } },
  };
  expect(consumerIn(outputs, 'network', who)).toEqual({ ...who, range: '^1.2', outputs: ['vpc_id'] });
  expect(consumerIn(outputs, 'registry', who)).toEqual({ ...who, range: '^2.0', outputs: [] });
});

test.each<[string, Record<string, unknown>]>([
  ['no outputs', {}],
  ['an output without a value', { contract_consumes: null }],
  ['another contract', { contract_consumes: { registry: { range: '^2.0', outputs: [] } } }],
])('a stack with %s does not read it', (_title, outputs) => {
  expect(consumerIn(outputs, 'network', who)).toBeUndefined();
});

test('a layer may be called as a member of every object is', () => {
  expect(consumerIn({ contract_consumes: {} }, 'constructor', who)).toBeUndefined();
});

test.each<[string, unknown]>([
  ['text', 'network'],
  ['a list', []],
  ['no range', { network: { outputs: [] } }],
  ['no outputs', { network: { range: '^1.0' } }],
  ['outputs that are no names', { network: { range: '^1.0', outputs: [1] } }],
  ['a contract that is nothing', { network: null }],
])('never overlooks a reader that recorded %s', (_title, contract_consumes) => {
  expect(() => consumerIn({ contract_consumes }, 'network', who)).toThrow(
    'its output "contract_consumes" is malformed, so it is unknown what it reads; synthesize and deploy it again',
  );
});
