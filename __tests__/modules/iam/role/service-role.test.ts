import { ServiceRole, serviceTrustPolicy, type ServiceRoleProps } from '@strata/iam';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const base: ServiceRoleProps = { roleName: 'shop-training', service: 'sagemaker.amazonaws.com' };
const role = (props: Partial<ServiceRoleProps> = {}) =>
  synthResources((scope) => void new ServiceRole(scope, 'role', { ...base, ...props }));
const read = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] };

test('a role without statements may do nothing', () => {
  const found = role();
  expect(found.one('aws_iam_role')).toMatchObject({ name: 'shop-training' });
  expect(found.document('aws_iam_role', 'assume_role_policy')).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  expect(found.all('aws_iam_role_policy')).toEqual([]);
});

test('the service may be held to an account and to an ARN', () => {
  const condition = (trust: object) =>
    JSON.parse(serviceTrustPolicy({ service: 's.amazonaws.com', ...trust })).Statement[0].Condition as unknown;
  expect(condition({ sourceAccount: '111122223333' })).toEqual({
    StringEquals: { 'aws:SourceAccount': '111122223333' },
  });
  expect(condition({ sourceArn: 'arn:aws:scheduler:*:*:schedule/default/x' })).toEqual({
    ArnLike: { 'aws:SourceArn': 'arn:aws:scheduler:*:*:schedule/default/x' },
  });
  expect(condition({ sourceAccount: '1', sourceArn: 'a' })).toEqual({
    StringEquals: { 'aws:SourceAccount': '1' },
    ArnLike: { 'aws:SourceArn': 'a' },
  });
});

test('the service may be let do more than assume the role', () => {
  const found = role({ trustActions: ['sts:SetSourceIdentity'] });
  expect(found.document('aws_iam_role', 'assume_role_policy')).toMatchObject({
    Statement: [{ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }],
  });
});

test('statements become one inline policy; description, boundary and tags are taken', () => {
  const found = role({
    statements: [read],
    policyName: 'read',
    description: 'Trains',
    permissionsBoundaryArn: 'arn:aws:iam::1:policy/b',
    tags: { team: 'ml' },
  });
  expect(found.one('aws_iam_role')).toMatchObject({
    description: 'Trains',
    permissions_boundary: 'arn:aws:iam::1:policy/b',
    tags: { team: 'ml' },
  });
  expect(found.one('aws_iam_role_policy')).toMatchObject({
    name: 'read',
    role: expect.stringMatching(/^\$\{aws_iam_role\..*\.name\}$/),
  });
  expect(found.document('aws_iam_role_policy')).toEqual({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/*'] }],
  });
  expect(role({ statements: [read] }).one('aws_iam_role_policy').name).toBe('permissions');
});

test('refuses a policy that is longer than IAM takes, and counts what only Terraform knows as nothing', () => {
  const reading = (count: number, arn: (n: number) => string) => ({
    statements: [{ actions: ['s3:GetObject'], resources: Array.from({ length: count }, (_each, n) => arn(n)) }],
  });
  const literal = (n: number) => `arn:aws:s3:::a-bucket-of-photos-number-${n}/*`;
  expect(() => role(reading(250, literal))).toThrow(
    /statements: the inline policy has 1\d{4} characters or more, IAM takes 10240; name fewer resources/,
  );
  expect(() => role(reading(150, literal))).not.toThrow();
  synthResources((scope) => {
    const arn = new TerraformVariable(scope, 'the-arn-of-a-bucket-with-a-long-name', { type: 'string' }).stringValue;
    const made = () => new ServiceRole(scope, 'role', { ...base, ...reading(400, () => arn) });
    expect(made).not.toThrow();
  });
});

test('gives name and ARN; leaves tokens to Terraform', () => {
  const { outputs } = synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const made = new ServiceRole(scope, 'role', {
      roleName: text,
      service: text,
      sourceAccount: text,
      statements: [{ actions: [text], resources: [text] }],
    });
    new TerraformOutput(scope, 'name', { value: made.roleName });
    new TerraformOutput(scope, 'arn', { value: made.roleArn });
  });
  expect(outputs.name).toMatch(/^\$\{aws_iam_role\..+\.name\}$/);
  expect(outputs.arn).toMatch(/^\$\{aws_iam_role\..+\.arn\}$/);
});

test.each<[Partial<ServiceRoleProps>, string]>([
  [{ roleName: 'a b' }, 'roleName: "a b" is not a role name; allowed are letters, digits and +=,.@_-'],
  [{ roleName: 'x'.repeat(65) }, 'has 65 characters, a role name at most 64; shorten it by 1'],
  [
    { service: 'sagemaker' },
    'service: "sagemaker" is not a service principal; write one such as "sagemaker.amazonaws.com"',
  ],
  [
    { statements: [{ actions: ['s3:*'], resources: ['*'] }] },
    'statements[0].actions: "s3:*" allows every action of the service; name the ones that are needed',
  ],
  [
    { statements: [{ ...read, resources: ['*'] }] },
    'statements[0].resources: "*" allows every resource; name the ARNs, or set allowAllResources',
  ],
])('refuses %j', (props, message) => {
  expect(() => role(props)).toThrow(message);
});
