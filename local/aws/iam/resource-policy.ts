import type { AskAws } from '../refusals/ask-aws';
import { parseArn } from '../refusals/rules/lookups';
import { document } from './role-policies';

/** The policy of a resource itself: of a bucket, a key, a queue, a topic, a repository or a secret. */
export async function resourcePolicy(aws: AskAws, arn: string): Promise<unknown> {
  const { service, account, resource } = parseArn(arn);
  const text = await textOf(aws, arn, service, account, resource);
  return text === undefined || text === '' ? undefined : document(text);
}

async function textOf(
  aws: AskAws,
  arn: string,
  service: string,
  account: string,
  resource: string,
): Promise<string | undefined> {
  switch (service) {
    case 's3':
      return (await aws('s3', 'GetBucketPolicy', { Bucket: resource.split('/')[0] }))?.Policy;
    case 'kms':
      // Of a key that is being made, or that is not named, the account's policies decide.
      if (resource === 'key/*') return accountDecides(arn, account);
      return (await aws('kms', 'GetKeyPolicy', { KeyId: arn, PolicyName: 'default' }))?.Policy;
    case 'sns':
      return (await aws('sns', 'GetTopicAttributes', { TopicArn: arn }))?.Attributes?.Policy;
    case 'sqs': {
      const queue = await aws('sqs', 'GetQueueUrl', { QueueName: resource, QueueOwnerAWSAccountId: account });
      const input = { QueueUrl: queue?.QueueUrl, AttributeNames: ['Policy'] };
      return queue && (await aws('sqs', 'GetQueueAttributes', input))?.Attributes?.Policy;
    }
    case 'ecr':
      return (await aws('ecr', 'GetRepositoryPolicy', { repositoryName: resource.replace('repository/', '') }))
        ?.policyText;
    case 'secretsmanager':
      return (await aws('secretsmanager', 'GetResourcePolicy', { SecretId: arn }))?.ResourcePolicy;
    default:
      return undefined;
  }
}

function accountDecides(arn: string, account: string): string {
  const AWS = `arn:${arn.split(':')[1]}:iam::${account}:root`;
  const Statement = [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
