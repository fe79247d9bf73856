// Every option of a service can be set in cdktf.json, or is left out for a reason that stands here.
import type { EcsClusterProps } from '@strata/ecs';
import type { LoadBalancedServiceProps } from '@strata/ecs-patterns';
import { serviceOptions, type ServiceOptions } from '@strata/ecs-patterns/rules';
import { computeConfig, type ComputeConfigInput } from '@strata/stack-compute';
import { serviceConfig, type SET_BY_LAYER } from '../../../stacks/compute/service-config';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Holds the schema and the props to the same keys: a key of only one of them does not compile. */
const OPTIONS_ARE_COMPLETE: Same<keyof ServiceOptions, keyof typeof serviceOptions.shape> = true;

/** Every prop of the construct that is not an option. */
const NOT_OPTIONS = {
  name: 'the key of the service in services',
  namePrefix: 'one for the layer: namePrefix',
  clusterName: 'one for the layer: clusterName',
  clusterArn: 'the cluster of the layer',
  vpcId: "from the network layer's contract",
  publicSubnetIds: "from the network layer's contract",
  privateSubnetIds: "from the network layer's contract",
  taskSubnetIds: "from the network layer's contract; assignPublicIp chooses the public ones",
  image: 'belongs to the pipeline that deploys it (ADR 0004); the first one is initialImage',
  repositoryArn: 'follows from repository',
  alarmTopicArn: 'one for the layer: alarmTopicArn',
  alarmEmailAddresses: 'one for the layer: alarmEmailAddresses',
  loadBalancerName: 'follows from the name: namePrefix alone tells environments apart',
  loadBalancerSecurityGroupName: 'follows from the name: namePrefix alone tells environments apart',
  targetGroupName: 'follows from the name: namePrefix alone tells environments apart',
  securityGroupName: 'follows from the name: namePrefix alone tells environments apart',
  family: 'follows from the name: namePrefix alone tells environments apart',
  containerName: 'follows from the name: a pipeline names the container by it',
  serviceName: 'follows from the name: namePrefix alone tells environments apart',
  executionRoleName: 'follows from the name: namePrefix alone tells environments apart',
  logGroupName: 'follows from the name: namePrefix alone tells environments apart',
  autoscalingPolicyName: 'follows from the name: namePrefix alone tells environments apart',
} satisfies Record<Exclude<keyof LoadBalancedServiceProps, keyof ServiceOptions>, string>;

/** Options that an entry in `services` does not have, and where they come from. */
const ELSEWHERE = {
  dualStack: 'one for the layer: dualStack',
  logRetentionDays: 'one for the layer: logRetentionDays',
  permissionsBoundaryArn: 'one for the layer: permissionsBoundaryArn',
  executeCommandKmsKeyArn: 'one for the layer, as for its cluster: executeCommandKmsKeyArn',
  executeCommandLogGroupArn: 'one for the layer, as for its cluster: executeCommandLogGroupName',
  deletionProtection: "the environment's deletionProtection",
  accessLogsForceDestroy: "the environment's deletionProtection",
  skipDestroy: "the environment's deletionProtection",
} satisfies Record<keyof typeof SET_BY_LAYER, string>;

/** Props of the cluster that the layer does not have as keys. */
const NOT_OF_CLUSTER = {
  ownerTags: 'project, environment and layer of the stack',
  tags: "the layer's default tags are on it",
} satisfies Record<Exclude<keyof EcsClusterProps, keyof ComputeConfigInput>, string>;

const keys = Object.keys(serviceConfig().shape);
const layerKeys = Object.keys(computeConfig.shape);

test('the schema has every option of the construct', () => expect(OPTIONS_ARE_COMPLETE).toBe(true));

test.each(Object.keys(serviceOptions.shape))('%s can be set for a service, or comes from elsewhere', (option) => {
  expect(keys.includes(option)).toBe(!(option in ELSEWHERE));
});

test.each(Object.entries({ ...NOT_OPTIONS, ...ELSEWHERE }))('%s is left out: %s', (prop, reason) => {
  const [, layerKey] = /^one for the layer.*: (\w+)$/.exec(reason) ?? [];
  expect(keys).not.toContain(prop);
  expect(layerKey === undefined || layerKeys.includes(layerKey)).toBe(true);
});

test.each(Object.entries(NOT_OF_CLUSTER))('%s of the cluster is left out: %s', (prop) => {
  expect(layerKeys).not.toContain(prop);
});

test('an entry in services has no more keys than the construct and what only the layer knows', () => {
  const own = keys.filter((key) => !(key in serviceOptions.shape));
  expect(own.sort()).toEqual([
    'callers',
    'initialImage',
    'modelEndpoint',
    'repository',
    'submitsJobs',
    'uploadsJobFiles',
  ]);
});

test('every key says what it means', () => {
  for (const [key, option] of Object.entries(serviceConfig().shape))
    expect([key, option.description]).toEqual([key, expect.stringMatching(/\w{3}/)]);
});
