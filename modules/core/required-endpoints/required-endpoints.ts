// Loads no construct: a configuration can be checked against it without cdktf.
import { ACTION_ENDPOINTS, type ActionEndpoints } from './action-endpoints';
import { globsOverlap, isPattern } from './glob';

/** What a service in a private subnet talks to. */
export interface EndpointNeeds {
  /** Its image comes from a private ECR repository. @default false */
  readonly ecrImages?: boolean;
  /** Its logs go to CloudWatch Logs. @default false */
  readonly cloudWatchLogs?: boolean;
  /** It is given secrets from Secrets Manager. @default false */
  readonly secretsManagerSecrets?: boolean;
  /** It is given parameters from SSM Parameter Store. @default false */
  readonly ssmParameters?: boolean;
  /** `aws ecs execute-command` works in its tasks. @default false */
  readonly ecsExec?: boolean;
  /** IAM actions that it calls, such as `sagemaker:InvokeEndpoint` or `s3:*`. @default none */
  readonly actions?: readonly string[];
}

/** Endpoints by the name of their service, such as `ecr.api`; sorted, each once. */
export interface RequiredEndpoints {
  /** Free of charge, in route tables. */
  readonly gateway: readonly string[];
  /** Paid by the hour and zone, in subnets. */
  readonly interface: readonly string[];
  /** Actions that no endpoint is known for. Without a NAT gateway their calls fail: refuse them there. */
  readonly unknown: readonly string[];
}

/**
 * What ECS itself needs, besides the service's own calls.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
const ECS_NEEDS: readonly (Omit<ActionEndpoints, 'actions'> & {
  readonly need: Exclude<keyof EndpointNeeds, 'actions'>;
})[] = [
  { need: 'ecrImages', gateway: ['s3'], interface: ['ecr.api', 'ecr.dkr'] },
  { need: 'cloudWatchLogs', interface: ['logs'] },
  { need: 'secretsManagerSecrets', interface: ['secretsmanager'] },
  { need: 'ssmParameters', interface: ['ssm'] },
  { need: 'ecsExec', interface: ['ssmmessages'] },
];

/**
 * The VPC endpoints with which services work in subnets that have no way to the internet.
 *
 * An action with a wildcard asks for every endpoint that it may mean: `sagemaker:*` is three,
 * `sagemaker:InvokeEndpoint` is one.
 */
export function requiredEndpoints(...needs: readonly EndpointNeeds[]): RequiredEndpoints {
  const actions = [...new Set(needs.flatMap((need) => need.actions ?? []))];
  const found = actions.map((action) => ({ action, rows: endpointsOf(action) }));
  const rows = [
    ...ECS_NEEDS.filter(({ need }) => needs.some((service) => service[need] === true)),
    ...found.flatMap((entry) => entry.rows ?? []),
  ];
  return {
    gateway: sortedSet(rows.flatMap((row) => row.gateway ?? [])),
    interface: sortedSet(rows.flatMap((row) => row.interface ?? [])),
    unknown: sortedSet(found.filter((entry) => entry.rows === undefined).map((entry) => entry.action)),
  };
}

function endpointsOf(action: string): readonly ActionEndpoints[] | undefined {
  const prefix = action.split(':', 1)[0]!;
  // A prefix with a wildcard, `*` above all, may mean services that have no endpoint.
  if (!action.includes(':') || isPattern(prefix)) return undefined;
  const rows = ACTION_ENDPOINTS.filter((row) => row.actions.some((pattern) => globsOverlap(action, pattern)));
  if (rows.length === 0) return undefined;
  return isPattern(action) ? rows : rows.slice(0, 1);
}

function sortedSet(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
