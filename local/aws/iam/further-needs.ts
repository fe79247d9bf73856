import type { Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import type { Need } from './need';
import type { Place } from './place';
import { keyArn } from './resource-arns';

/**
 * Permissions that a service asks of its caller besides the action itself, for what the call names: tags and access
 * lists of an object, the object that is copied, code in a bucket, a function's network, the secret of a database.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-permissions
 */
export function furtherNeeds({ model, operation, input }: AwsCall, place: Place): Need[] {
  if (model.name === 's3' && WRITES.has(operation.name)) return ofObject(input as Reading);
  if (model.name === 'lambda' && /^(CreateFunction|UpdateFunction)/.test(operation.name))
    return ofFunction(input as Reading);
  if (model.name === 'rds' && (input as Reading).ManageMasterUserPassword === true) return ofManagedPassword(place);
  return [];
}

const WRITES = new Set(['CopyObject', 'CreateMultipartUpload', 'PutObject']);

function ofObject({ Bucket, Key, Tagging, ACL, CopySource }: Reading): Need[] {
  const resource = `arn:aws:s3:::${Bucket}/${Key}`;
  return [
    ...(Tagging ? [{ action: 's3:PutObjectTagging', resource }] : []),
    ...(ACL ? [{ action: 's3:PutObjectAcl', resource }] : []),
    ...(CopySource ? [{ action: 's3:GetObject', resource: `arn:aws:s3:::${copied(String(CopySource))}` }] : []),
  ];
}

function copied(source: string): string {
  return decodeURIComponent(source.replace(/^\//, '').replace(/\?.*$/, ''));
}

function ofFunction({ Code, S3Bucket, S3Key, VpcConfig }: Reading): Need[] {
  const [bucket, key] = [Code?.S3Bucket ?? S3Bucket, Code?.S3Key ?? S3Key];
  const inVpc = (VpcConfig?.SubnetIds ?? []).length > 0;
  return [
    ...(bucket === undefined ? [] : [{ action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key}` }]),
    ...(inVpc ? IN_VPC.map((action) => ({ action, resource: '*' })) : []),
  ];
}

const IN_VPC = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'];

function ofManagedPassword({ partition, region, account }: Place): Need[] {
  const secret = `arn:${partition}:secretsmanager:${region}:${account}:secret:rds!db-*`;
  return [
    { action: 'secretsmanager:CreateSecret', resource: secret },
    { action: 'secretsmanager:TagResource', resource: secret },
    { action: 'kms:DescribeKey', resource: keyArn('*', { partition, region, account }) },
  ];
}
