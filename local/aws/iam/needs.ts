import type { AskAws, Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import { actionOf } from './action-names';
import { taggedEc2Resources } from './ec2-resources';
import { furtherNeeds } from './further-needs';
import type { Need } from './need';
import type { Place } from './place';
import { keyArn, resourcesOf } from './resource-arns';
import { taggingAction } from './tagging';

/** All that a caller must be allowed for a call: its action, roles it passes, and keys that its data is under. */
export async function needsOf(call: AwsCall, place: Place, aws: AskAws): Promise<Need[]> {
  const action = await actionOf(call);
  const own = action === undefined ? [] : await resourcesOf(action, call, place);
  return [
    ...own.map((resource) => ({ action: action!, resource })),
    ...tagging(call, own, place),
    ...passedRoles(call),
    ...furtherNeeds(call, place),
    ...(await keys(call, place, aws)),
  ];
}

/** Services that take roles from their callers, by botocore's names. */
const PASSED_TO: Readonly<Record<string, string>> = {
  codebuild: 'codebuild.amazonaws.com',
  codedeploy: 'codedeploy.amazonaws.com',
  codepipeline: 'codepipeline.amazonaws.com',
  ec2: 'vpc-flow-logs.amazonaws.com',
  ecs: 'ecs-tasks.amazonaws.com',
  events: 'events.amazonaws.com',
  firehose: 'firehose.amazonaws.com',
  glue: 'glue.amazonaws.com',
  lambda: 'lambda.amazonaws.com',
  pipes: 'pipes.amazonaws.com',
  rds: 'monitoring.rds.amazonaws.com',
  sagemaker: 'sagemaker.amazonaws.com',
  scheduler: 'scheduler.amazonaws.com',
  stepfunctions: 'states.amazonaws.com',
};
const PASSING = /^(Create|Update|Register|Run|Start|Put)/;
const ROLE = /^arn:[^:]+:iam::\d+:role\/.+/;

function passedRoles({ model, operation, input }: AwsCall): Need[] {
  const service = PASSED_TO[model.name];
  if (service === undefined || !PASSING.test(operation.name)) return [];
  return [...new Set(rolesIn(input))].map((resource) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': service },
  }));
}

function rolesIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return ROLE.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || depth > 5) return [];
  return Object.entries(value).flatMap(([name, held]) =>
    // Text that a program reads passes nothing.
    /^(environment|Environment|PipelineDefinition|policy|Policy|tags|Tags|environmentVariables)$/.test(name)
      ? []
      : rolesIn(held, depth + 1),
  );
}

/** Tags that are given while something is made are a separate permission, where the service has it. */
function tagging(call: AwsCall, own: readonly string[], place: Place): Need[] {
  const action = taggingAction(call);
  if (action === undefined) return [];
  const service = action.slice(0, action.indexOf(':'));
  const resources = taggedResources(service, call, own, place);
  const context = { [`${service}:CreateAction`]: call.operation.name };
  return resources.map((resource) => ({ action, resource, context }));
}

function taggedResources(service: string, call: AwsCall, own: readonly string[], place: Place): readonly string[] {
  // The ARN of what is tagged is part of the path, and is not known yet.
  if (service === 'apigateway') return [`arn:${place.partition}:apigateway:${place.region}::/tags/*`];
  // The others are there.
  if (service === 'rds') return own.slice(0, 1);
  if (service === 'ec2') return taggedEc2Resources(call.input as Reading, place);
  // CreateKey itself is about no key, and a mapping of events has no ARN before it is made.
  if (service === 'kms') return [keyArn('*', place)];
  if (call.operation.name === 'CreateEventSourceMapping')
    return [`arn:${place.partition}:lambda:${place.region}:${place.account}:event-source-mapping:*`];
  // CloudWatch Logs wants the ARN of the group itself for tags, and that of streams for all else.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
  return own.map((arn) => arn.replace(/:log-stream:$/, ''));
}

/** Keys of KMS under which what a call reads or writes is stored. Keys that AWS manages ask for nothing. */
async function keys(call: AwsCall, place: Place, aws: AskAws): Promise<Need[]> {
  const input = call.input as Reading;
  const need = (action: string, id: unknown, service: string): Need[] =>
    typeof id !== 'string' || id === '' || id.includes('alias/aws/')
      ? []
      : [
          {
            action: `kms:${action}`,
            resource: keyArn(id, place),
            context: { 'kms:ViaService': `${service}.${place.region}.amazonaws.com` },
          },
        ];
  switch (`${call.model.name}:${call.operation.name}`) {
    case 's3:GetObject':
    case 's3:HeadObject':
      return need('Decrypt', await bucketKey(aws, input.Bucket), 's3');
    case 's3:PutObject':
    case 's3:CopyObject':
    case 's3:CreateMultipartUpload':
      return need('GenerateDataKey', input.SSEKMSKeyId ?? (await bucketKey(aws, input.Bucket)), 's3');
    case 'secretsmanager:GetSecretValue': {
      const secret = await aws('secretsmanager', 'DescribeSecret', { SecretId: input.SecretId });
      return need('Decrypt', secret?.KmsKeyId, 'secretsmanager');
    }
    case 'sqs:SendMessage':
    case 'sqs:SendMessageBatch':
      return need('GenerateDataKey', await queueKey(aws, input.QueueUrl), 'sqs');
    case 'sqs:ReceiveMessage':
      return need('Decrypt', await queueKey(aws, input.QueueUrl), 'sqs');
    default:
      return [];
  }
}

async function bucketKey(aws: AskAws, Bucket: string): Promise<unknown> {
  const found = await aws('s3', 'GetBucketEncryption', { Bucket });
  const byDefault = found?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  return byDefault?.SSEAlgorithm?.startsWith('aws:kms') === true ? byDefault.KMSMasterKeyID : undefined;
}

async function queueKey(aws: AskAws, QueueUrl: string): Promise<unknown> {
  const found = await aws('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['KmsMasterKeyId'] });
  return found?.Attributes?.KmsMasterKeyId;
}
