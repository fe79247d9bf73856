import { ModelPackageGroup, type ApprovalTrigger, type ModelPackageGroupProps } from '@strata/sagemaker';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

const FUNCTION = { functionName: 'deploy', functionArn: 'arn:aws:lambda:ap-northeast-2:111122223333:function:deploy' };

const made = (
  props: Partial<ModelPackageGroupProps> = {},
  more?: (group: ModelPackageGroup, scope: Construct) => void,
) =>
  synthResources((scope) => {
    const group = new ModelPackageGroup(scope, 'versions', { modelPackageGroupName: 'shop-classifier', ...props });
    more?.(group, scope);
  });
const triggered = (trigger: Partial<ApprovalTrigger> = {}, name = 'deploy') =>
  made({}, (group) => void group.onApproval(name, { ...FUNCTION, ...trigger }));

test('a group is its name, for this account only', () => {
  const found = made({ description: 'Flowers', tags: { team: 'ml' } }, (group, scope) => {
    new TerraformOutput(scope, 'name', { value: group.modelPackageGroupName });
    new TerraformOutput(scope, 'arn', { value: group.modelPackageGroupArn });
    new TerraformOutput(scope, 'packages', { value: group.modelPackagesArn });
  });
  expect(found.types).toEqual(['aws_sagemaker_model_package_group']);
  expect(found.one('aws_sagemaker_model_package_group')).toEqual({
    model_package_group_name: 'shop-classifier',
    model_package_group_description: 'Flowers',
    tags: { team: 'ml' },
  });
  expect(found.outputs).toEqual({
    name: expect.stringMatching(/model_package_group_name\}$/),
    arn: expect.stringMatching(/\.arn\}$/),
    packages: expect.stringMatching(
      /^arn:\$\{.*partition\}:sagemaker:\$\{.*\}:\$\{.*account_id\}:model-package\/shop-classifier\/\*$/,
    ),
  });
});

test('other accounts see versions, or contribute some', () => {
  const policy = made({ readerAccountIds: ['111122223333'], contributorAccountIds: ['444455556666'] }).one(
    'aws_sagemaker_model_package_group_policy',
  ).resource_policy;
  const { Statement } = parseTerraformJson<{
    Statement: { Sid: string; Principal: { AWS: string[] }; Action: string[]; Resource: string }[];
  }>(policy);
  expect(Statement.map(({ Sid, Action }) => [Sid, Action])).toEqual([
    ['ReadersDescribeGroup', ['sagemaker:DescribeModelPackageGroup']],
    ['ReadersUseVersions', ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages', 'sagemaker:CreateModel']],
    ['ContributorsDescribeGroup', ['sagemaker:DescribeModelPackageGroup']],
    [
      'ContributorsUseVersions',
      [
        'sagemaker:DescribeModelPackage',
        'sagemaker:ListModelPackages',
        'sagemaker:CreateModel',
        'sagemaker:CreateModelPackage',
        'sagemaker:UpdateModelPackage',
      ],
    ],
  ]);
  expect(Statement[0]!.Principal.AWS[0]).toMatch(/:iam::111122223333:root$/);
  expect(Statement[3]!.Resource).toMatch(/:model-package\/shop-classifier\/\*$/);
});

test('an approval invokes a function, which lets only that rule in', () => {
  const found = triggered();
  expect(found.one('aws_cloudwatch_event_rule')).toMatchObject({ name: 'shop-classifier-deploy', state: 'ENABLED' });
  expect(found.document('aws_cloudwatch_event_rule', 'event_pattern')).toEqual({
    source: ['aws.sagemaker'],
    'detail-type': ['SageMaker Model Package State Change'],
    detail: {
      ModelPackageGroupName: ['shop-classifier'],
      ModelApprovalStatus: ['Approved'],
      UpdatedModelPackageFields: ['ModelApprovalStatus'],
    },
  });
  expect(found.one('aws_lambda_permission')).toMatchObject({
    function_name: 'deploy',
    principal: 'events.amazonaws.com',
    action: 'lambda:InvokeFunction',
    statement_id: 'shop-classifier-deploy',
    source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..*\.arn\}$/),
  });
  expect(found.one('aws_cloudwatch_event_target')).toMatchObject({
    target_id: 'deploy',
    arn: FUNCTION.functionArn,
    depends_on: [expect.stringMatching(/^aws_lambda_permission\./)],
  });
  expect(found.one('aws_cloudwatch_event_target').retry_policy).toBeUndefined();
});

test('other statuses, attempts, a queue for what is lost, a rule that sleeps', () => {
  const found = triggered({
    approvalStatuses: ['Rejected'],
    ruleName: 'r',
    maximumRetryAttempts: 2,
    deadLetterQueueArn: 'arn:aws:sqs:r:1:q',
    enabled: false,
  });
  expect(found.one('aws_cloudwatch_event_rule')).toMatchObject({
    name: 'r',
    state: 'DISABLED',
    event_pattern: expect.stringContaining('["Rejected"]'),
  });
  expect(found.one('aws_cloudwatch_event_target')).toMatchObject({
    retry_policy: { maximum_retry_attempts: 2, maximum_event_age_in_seconds: 86400 },
    dead_letter_config: { arn: 'arn:aws:sqs:r:1:q' },
  });
});

test("a long name leaves a rule's name within its limit", () => {
  const found = made({ modelPackageGroupName: 'g'.repeat(63) }, (group) => void group.onApproval('deploy', FUNCTION));
  expect(found.one('aws_cloudwatch_event_rule').name).toHaveLength(64);
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const group = new ModelPackageGroup(scope, 'g', {
      modelPackageGroupName: text,
      description: text,
      readerAccountIds: [text],
    });
    expect(() => group.onApproval('deploy', { functionName: text, functionArn: text, ruleName: text })).not.toThrow();
  });
});

test.each<[Partial<ModelPackageGroupProps>, string]>([
  [
    { modelPackageGroupName: 'a_b' },
    'modelPackageGroupName: "a_b" is not a model package group name; allowed are letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  [{ description: 'd'.repeat(1025) }, 'description: has 1025 characters, SageMaker takes at most 1024; shorten it'],
  [{ readerAccountIds: ['1'] }, 'readerAccountIds[0]: "1" is not an AWS account id; use 12 digits, as a string'],
  [
    { contributorAccountIds: ['111122223333', '111122223333'] },
    'contributorAccountIds[1]: "111122223333" is listed twice; remove one',
  ],
  [
    { readerAccountIds: ['111122223333'], contributorAccountIds: ['111122223333'] },
    'contributorAccountIds[0]: "111122223333" is one of readerAccountIds too; a contributor reads already',
  ],
])('refuses %j', (props, message) => {
  expect(() => made(props)).toThrow(message);
});

test.each<[Partial<ApprovalTrigger>, string, string]>([
  [
    { approvalStatuses: [] },
    'deploy',
    'approvalStatuses: an empty list never invokes the function; name at least one status',
  ],
  [
    { approvalStatuses: ['approved' as never] },
    'deploy',
    'approvalStatuses[0]: "approved" is not allowed; use one of Approved, Rejected, PendingManualApproval',
  ],
  [{ ruleName: 'a b' }, 'deploy', 'ruleName: "a b" is not a rule name'],
  [
    { maximumRetryAttempts: 186 },
    'deploy',
    'maximumRetryAttempts: 186 is out of range; use a whole number from 0 to 185',
  ],
  [{}, 'a b', 'name: "a b" is not a trigger name'],
])('refuses a trigger %j named %s', (trigger, name, message) => {
  expect(() => triggered(trigger, name)).toThrow(message);
});

test('refuses two triggers of a name', () => {
  expect(() =>
    made({}, (group) => {
      group.onApproval('deploy', FUNCTION);
      group.onApproval('deploy', FUNCTION);
    }),
  ).toThrow('name: "deploy" is used already; give each trigger its own name');
});
