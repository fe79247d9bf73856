import type { Permission } from '../../../scripts/permissions/permission';
import { LONGEST_POLICY, policiesOf, type Place } from '../../../scripts/permissions/policies';

const PLACE: Place = {
  partition: 'aws-cn',
  region: 'cn-north-1',
  account: '123456789012',
  project: 'shop',
  environment: 'prod',
  prefix: 'blue-',
};
const statements = (...permissions: Permission[]) =>
  policiesOf(permissions, PLACE).flatMap(({ Statement }) => Statement);
const role = 'arn:${partition}:iam::${account}:role/${prefix}task';

test('actions of the same resources share a statement, with the names of the environment', () => {
  const resource = 'arn:${partition}:ecr:${region}:${account}:repository/${project}-${environment}';
  expect(
    statements(
      { action: 'ecr:DescribeRepositories', resource },
      { action: 'ecr:CreateRepository', resource },
      { action: 'ec2:DescribeVpcs', resource: '*' },
    ),
  ).toEqual([
    {
      Effect: 'Allow',
      Action: ['ecr:CreateRepository', 'ecr:DescribeRepositories'],
      Resource: 'arn:aws-cn:ecr:cn-north-1:123456789012:repository/shop-prod',
    },
    { Effect: 'Allow', Action: ['ec2:DescribeVpcs'], Resource: '*' },
  ]);
});

test('a role may be passed to the recorded service alone', () => {
  expect(
    statements(
      { action: 'iam:PassRole', resource: role, passedTo: 'ecs-tasks.amazonaws.com' },
      { action: 'iam:GetRole', resource: role },
    ),
  ).toEqual([
    {
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: 'arn:aws-cn:iam::123456789012:role/blue-task',
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
    { Effect: 'Allow', Action: ['iam:GetRole'], Resource: 'arn:aws-cn:iam::123456789012:role/blue-task' },
  ]);
});

test('an ARN that a wider one covers is left out; roles that a service makes for itself are added', () => {
  const cluster = 'arn:${partition}:ecs:${region}:${account}:cluster/';
  expect(
    statements(
      { action: 'ecs:CreateCluster', resource: `${cluster}a` },
      { action: 'ecs:CreateCluster', resource: `${cluster}*` },
    ),
  ).toEqual([
    {
      Effect: 'Allow',
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: 'arn:aws-cn:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/*',
      Condition: { StringEquals: { 'iam:AWSServiceName': 'ecs.amazonaws.com' } },
    },
    { Effect: 'Allow', Action: ['ecs:CreateCluster'], Resource: 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/*' },
  ]);
});

test('a name in an ARN of SageMaker may stand in lower case', () => {
  const resource = 'arn:${partition}:sagemaker:${region}:${account}:pipeline/${prefix}AppMlPipeline-Train';
  const arn = 'arn:aws-cn:sagemaker:cn-north-1:123456789012:pipeline/blue-';
  expect(statements({ action: 'sagemaker:DescribePipeline', resource })).toEqual([
    {
      Effect: 'Allow',
      Action: ['sagemaker:DescribePipeline'],
      Resource: [`${arn}AppMlPipeline-Train`, `${arn}appmlpipeline-train`],
    },
  ]);
});

test('what would be too long for one managed policy is several', () => {
  const many = Array.from({ length: 100 }, (_, index) => ({
    action: `ssm:GetParameter${index}`,
    resource: `arn:\${partition}:ssm:\${region}:\${account}:parameter/${index}`,
  }));
  const documents = policiesOf(many, PLACE);
  expect(documents.length).toBeGreaterThan(1);
  expect(documents.flatMap(({ Statement }) => Statement)).toHaveLength(100);
  for (const document of documents) expect(JSON.stringify(document).length).toBeLessThanOrEqual(LONGEST_POLICY);
});

test('without anything to allow there is no policy', () => {
  expect(policiesOf([], PLACE)).toEqual([]);
});
