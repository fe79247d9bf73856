import { checkStatement, type Statement } from '../support/policies/check-policy';
import { globsOverlap } from '../support/policies/globs-overlap';
import { resolveText } from '../support/policies/resolve-text';

const check = (Action: string | string[], Resource: string | string[], more: Partial<Statement> = {}) =>
  checkStatement({ Effect: 'Allow', Action, Resource, ...more }, 'identity');
const arn = (service: string, rest: string) => `arn:aws:${service}:ap-northeast-2:123456789012:${rest}`;

describe('the check of a policy statement', () => {
  it('passes what fits', async () => {
    expect(await check(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::x', 'arn:aws:s3:::x/*'])).toEqual([]);
    expect(await check('ecr:GetAuthorizationToken', '*')).toEqual([]);
    expect(await check(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:x:*'))).toEqual([]);
  });

  it('sees an action that AWS does not have', async () => {
    expect(await check('s3:ReadObject', 'arn:aws:s3:::x/*')).toEqual(['s3:ReadObject is no action']);
    expect(await check('nothing:Get', '*')).toEqual(['nothing:Get is no action']);
  });

  it('sees "*" where an ARN would do, unless a condition on a key of the service narrows it', async () => {
    expect(await check('ecs:UpdateService', '*')).toEqual([
      'ecs:UpdateService on "*", where AWS takes arn:*:ecs:*:*:service/*/*',
    ]);
    const inCluster = { Condition: { ArnEquals: { 'ecs:cluster': arn('ecs', 'cluster/x') } } };
    expect(await check('ecs:UpdateService', '*', inCluster)).toEqual([]);
  });

  it('sees what never matches: an ARN of another kind, an ARN where only "*" counts, a key that no request has', async () => {
    const service = arn('ecs', 'service/c/s');
    expect(await check('ecs:RunTask', service)).toEqual([
      'ecs:RunTask never matches: it is about arn:*:ecs:*:*:task-definition/*:*',
      `${service} is nothing that its actions are about`,
    ]);
    expect(await check('ecr:GetAuthorizationToken', arn('ecr', 'repository/x'))).toContain(
      'ecr:GetAuthorizationToken never matches: it can be granted on "*" only',
    );
    const passed = { Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } };
    expect(await check('sqs:SendMessage', arn('sqs', 'q'), passed)).toEqual([
      'sqs:SendMessage never matches: a request for it has no iam:PassedToService',
    ]);
  });

  it('takes a denial as it is', async () => {
    expect(await check('s3:*', '*', { Effect: 'Deny' })).toEqual([]);
  });
});

it('two patterns overlap where one text fits both', () => {
  expect(globsOverlap('arn:aws:s3:::a/*', 'arn:*:s3:::*/*')).toBe(true);
  expect(globsOverlap('a*c', 'ab?')).toBe(true);
  expect(globsOverlap('service/*', 'task/*')).toBe(false);
});

it('expressions of Terraform become what an apply would have', () => {
  const parts = '<data.aws_partition.p.partition>:ecs:<data.aws_region.r.id>:<data.aws_caller_identity.i.account_id>';
  expect(resolveText(`arn:${parts}:cluster/<aws_ecs_cluster.c.name>`)).toBe(arn('ecs', 'cluster/x'));
  expect(resolveText('<aws_s3_bucket.b.arn>/*')).toBe('arn:aws:s3:::x/*');
  expect(resolveText('<data.terraform_remote_state.network.outputs.key_arn>')).toBe('*unknown*');
});
