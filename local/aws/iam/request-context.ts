import type { Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import type { RoleCaller } from './caller';

type Context = Record<string, string | string[]>;

/** Condition keys that a call has a value for. */
export function requestContext(call: AwsCall, caller: RoleCaller, tags: Readonly<Record<string, string>>): Context {
  return {
    'aws:CurrentTime': new Date().toISOString(),
    'aws:EpochTime': String(Math.floor(Date.now() / 1000)),
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalArn': caller.roleArn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': 'AssumedRole',
    'aws:RequestedRegion': call.region,
    'aws:ResourceAccount': caller.account,
    // What runs on one machine talks to AWS over TLS when it is deployed.
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:ViaAWSService': 'false',
    'kms:CallerAccount': caller.account,
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
    ...requestTags(call.input as Reading),
    ...ofService(call, caller.account),
  };
}

/** Tags that a request gives, in either of the forms AWS has. */
function requestTags(input: Reading): Context {
  const given: unknown = input.tags ?? input.Tags;
  const entries: [string, string][] = Array.isArray(given)
    ? given.map((tag: Reading) => [String(tag.key ?? tag.Key), String(tag.value ?? tag.Value ?? '')])
    : typeof given === 'object' && given !== null
      ? Object.entries(given as Record<string, string>)
      : [];
  if (entries.length === 0) return {};
  return {
    'aws:TagKeys': entries.map(([key]) => key),
    ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
}

function ofService({ model, region, input }: AwsCall, account: string): Context {
  const { cluster, Prefix, Delimiter, Namespace, ServerSideEncryption, ACL, SSEKMSKeyId } = input as Reading;
  const context: Record<string, unknown> = {};
  if (model.name === 'ecs') context['ecs:cluster'] = clusterArn(cluster ?? 'default', region, account);
  if (model.name === 'cloudwatch') context['cloudwatch:namespace'] = Namespace;
  if (model.name === 's3')
    Object.assign(context, {
      's3:prefix': Prefix,
      's3:delimiter': Delimiter,
      's3:x-amz-acl': ACL,
      's3:x-amz-server-side-encryption': ServerSideEncryption,
      's3:x-amz-server-side-encryption-aws-kms-key-id': SSEKMSKeyId,
      's3:TlsVersion': '1.3',
    });
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined)) as Context;
}

function clusterArn(cluster: unknown, region: string, account: string): string {
  const name = String(cluster);
  return name.startsWith('arn:') ? name : `arn:aws:ecs:${region}:${account}:cluster/${name}`;
}
