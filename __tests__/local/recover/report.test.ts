import { report, type Recovery } from '../../../local/recover';

const nothing: Recovery = {
  layer: 'network',
  orphans: [],
  leftAlone: [],
  leftOver: [],
  unread: [],
  unknownTypes: [],
  file: '.strata/recover/shop/dev/network.json',
  plan: { add: 0, change: 0, destroy: 0 },
};

test('without an orphan, nothing is to be done', () => {
  expect(report(nothing)).toBe('Nothing is missing from the state of "network".');
});

test('orphans are a table, with what the next deploy does', () => {
  const orphans = [
    { address: 'aws_vpc.v', found: { type: 'aws_vpc', id: 'vpc-1' } },
    { address: 'aws_route.r', found: { type: 'aws_route', id: 'rtb-1_0.0.0.0/0' } },
  ];
  expect(report({ ...nothing, orphans, plan: { add: 3, change: 1, destroy: 0 } }).split('\n')).toEqual([
    '2 resources exist and are missing from the state of "network":',
    '',
    '  resource     import id        found by',
    '  aws_vpc.v    vpc-1            tags',
    '  aws_route.r  rtb-1_0.0.0.0/0  name',
    '',
    'Their import blocks are in .strata/recover/shop/dev/network.json. Now deploy: npx cdktf deploy network',
    'It imports 2, makes 3, changes 1 and destroys 0.',
  ]);
});

test('what is left alone, left over, not known and not read is named', () => {
  const text = report({
    ...nothing,
    leftAlone: [{ address: 'aws_vpc.v', ids: ['vpc-1', 'vpc-2'], reason: '2 have its tags', remedy: 'delete one' }],
    leftOver: ['arn:aws:sns:eu-west-1:1:old'],
    unknownTypes: ['aws_x'],
    unread: [{ severity: 'error', summary: 'reading IAM Role (task): AccessDenied', detail: '' }],
  });
  expect(text).toContain('  aws_vpc.v (vpc-1, vpc-2): 2 have its tags; delete one');
  expect(text).toContain('  arn:aws:sns:eu-west-1:1:old');
  expect(text).toContain('by what they are found: aws_x.');
  expect(text).toContain('  reading IAM Role (task): AccessDenied');
});
