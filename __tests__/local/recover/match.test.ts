import type { Found } from '../../../local/recover/found';
import { match } from '../../../local/recover/match';
import type { Planned } from '../../../local/recover/plan';

const OWNER = { project: 'shop', environment: 'dev', layer: 'compute' };
const role = (values: object = {}): Planned => ({
  address: 'aws_iam_role.task',
  type: 'aws_iam_role',
  values: { name: 'task', ...values },
});
const found = (id: string): Found => ({ type: 'aws_iam_role', id });

test('what exists with the tags of the layer is imported', () => {
  const one = found('task');
  const existing = new Map([[one, { name: 'task', tags_all: { ...OWNER, owner: 'team' } }]]);
  expect(match([{ planned: role(), found: [one] }], existing, OWNER)).toEqual({
    orphans: [{ address: 'aws_iam_role.task', found: one }],
    leftAlone: [],
  });
});

test.each([
  ['project', 'other', 'project other, environment dev, layer compute'],
  ['environment', 'prod', 'project shop, environment prod, layer compute'],
  ['layer', 'ml', 'project shop, environment dev, layer ml'],
])('what has another %s is never touched, and named', (tag, value, whose) => {
  const one = found('task');
  const { orphans, leftAlone } = match(
    [{ planned: role(), found: [one] }],
    new Map([[one, { tags_all: { ...OWNER, [tag]: value } }]]),
    OWNER,
  );
  expect(orphans).toEqual([]);
  expect(leftAlone).toEqual([
    expect.objectContaining({
      address: 'aws_iam_role.task',
      ids: ['task'],
      reason: `exists, but is not this layer's (${whose})`,
    }),
  ]);
});

test('what can have tags and has none is not touched either', () => {
  const one = found('task');
  const { orphans, leftAlone } = match([{ planned: role(), found: [one] }], new Map([[one, { tags_all: {} }]]), OWNER);
  expect(orphans).toEqual([]);
  expect(leftAlone[0]?.reason).toContain('no tags of a layer');
});

test('what does not exist is made by the next deploy: nothing is said', () => {
  expect(match([{ planned: role(), found: [found('task')] }], new Map(), OWNER)).toEqual({
    orphans: [],
    leftAlone: [],
  });
});

test('of two with the tags, the one that is as configured is imported', () => {
  const [a, b] = [found('a'), found('b')];
  const existing = new Map([
    [a, { path: '/', tags_all: OWNER }],
    [b, { path: '/x/', tags_all: OWNER }],
  ]);
  const { orphans } = match([{ planned: role({ path: '/x/' }), found: [a, b] }], existing, OWNER);
  expect(orphans.map((one) => one.found.id)).toEqual(['b']);
});

test('of two that are alike, none is imported, and both are named', () => {
  const [a, b] = [found('a'), found('b')];
  const existing = new Map([a, b].map((one) => [one, { tags_all: OWNER }]));
  const { orphans, leftAlone } = match([{ planned: role(), found: [a, b] }], existing, OWNER);
  expect(orphans).toEqual([]);
  expect(leftAlone).toEqual([expect.objectContaining({ ids: ['a', 'b'], reason: '2 have its tags' })]);
});

test('one that may be either of two is imported as neither', () => {
  const key = { type: 'aws_kms_key', id: 'k' };
  const planned = ['a', 'b'].map((name) => ({ address: `aws_kms_key.${name}`, type: 'aws_kms_key', values: {} }));
  const all = planned.map((one) => ({ planned: one, found: [key] }));
  const { orphans, leftAlone } = match(all, new Map([[key, { tags_all: OWNER }]]), OWNER);
  expect(orphans).toEqual([]);
  expect(leftAlone).toEqual([
    expect.objectContaining({ address: 'aws_kms_key.a', reason: 'may as well be aws_kms_key.b' }),
  ]);
});

test.each([
  [{}, true],
  [{ ...OWNER, layer: 'ml' }, false],
])("a part of what is the layer's needs no tags of its own, but has no others: %j", (tags, expected) => {
  const rule = { type: 'aws_vpc_security_group_egress_rule', id: 'sgr-1', isPart: true };
  const planned = { address: 'aws_vpc_security_group_egress_rule.all', type: rule.type, values: {} };
  const { orphans } = match([{ planned, found: [rule] }], new Map([[rule, { tags_all: tags }]]), OWNER);
  expect(orphans.length === 1).toBe(expected);
});
