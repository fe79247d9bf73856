import { differenceOf } from '../../../scripts/changes/difference';
import { ownOf, toldApart, toPlan } from '../../../scripts/changes/groups';

const base = {
  resource: {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: { one: { vpc_id: '${aws_vpc.main.id}', size: 1 } },
    aws_sns_topic: { alarms: { display_name: 'a', size: 1 } },
  },
};
const changed = (type: keyof (typeof base)['resource'], id: string, attributes: object) => {
  const blocks: Record<string, Record<string, Record<string, unknown>>> = structuredClone(base.resource);
  blocks[type] = { ...blocks[type], [id]: { ...blocks[type]![id], ...attributes } };
  return { difference: differenceOf(base, { resource: blocks }) };
};
const vpc = changed('aws_vpc', 'main', { cidr_block: '10.1.0.0/16' });
const subnet = changed('aws_subnet', 'one', { size: 2 });
const topic = changed('aws_sns_topic', 'alarms', { display_name: 'b' });

test('a change reaches what refers to the resource that it changes', () => {
  expect([...vpc.difference.reaches].sort()).toEqual(['aws_subnet.one', 'aws_vpc.main']);
  expect([...subnet.difference.reaches]).toEqual(['aws_subnet.one']);
});

test('changes that reach the same are planned apart where they may replace it', () => {
  const renamed = changed('aws_subnet', 'one', { name: 'two' });
  expect(toPlan([vpc, renamed, topic])).toEqual([[vpc, topic], [renamed]]);
});

test('a plan tells two changes apart that reach nothing in common', () => {
  const actions = [
    { address: 'aws_vpc.main', action: 'replace' as const },
    { address: 'aws_subnet.one', action: 'replace' as const },
    { address: 'aws_sns_topic.alarms', action: 'update' as const },
  ];
  expect(toldApart([vpc, topic], actions)).toBeUndefined();
  expect(ownOf(vpc, [vpc, topic], actions)).toEqual(actions.slice(0, 2));
  expect(ownOf(topic, [vpc, topic], actions)).toEqual(actions.slice(2));
});

test('a resource that two changes may have replaced is planned for each', () => {
  const actions = [
    { address: 'aws_vpc.main', action: 'replace' as const },
    { address: 'aws_subnet.one', action: 'replace' as const },
  ];
  expect(toldApart([vpc, subnet, topic], actions)).toEqual([[vpc], [subnet], [topic]]);
});

test('two changes of one resource, which is updated in place, are both told', () => {
  const tags = changed('aws_sns_topic', 'alarms', { size: 2 });
  const actions = [{ address: 'aws_sns_topic.alarms', action: 'update' as const }];
  expect(toldApart([topic, tags], actions)).toBeUndefined();
  expect(ownOf(topic, [topic, tags], actions)).toEqual(actions);
  expect(ownOf(tags, [topic, tags], actions)).toEqual(actions);
});
