import type { Permission } from './permission';

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What the words of recorded resources stand for. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  /** `*` for any: a policy of a role fits no other account's resources but those that let the role in. */
  readonly account: string;
  readonly project: string;
  readonly environment: string;
  /** What physical names start with, with its hyphen; empty for none. */
  readonly prefix: string;
}

/**
 * The longest a managed policy may be, white space not counted. A role may have ten of them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const LONGEST_POLICY = 6144;

/** The least policy of some permissions: more than one document where one would be too long. */
export function policiesOf(permissions: readonly Permission[], place: Place): PolicyDocument[] {
  const statements = [...serviceLinkedRoles(permissions, place), ...statementsOf(permissions, place)];
  const documents: Statement[][] = [[]];
  for (const statement of statements) {
    const last = documents.at(-1)!;
    if (last.length > 0 && JSON.stringify(policy([...last, statement])).length > LONGEST_POLICY)
      documents.push([statement]);
    else last.push(statement);
  }
  return documents.filter((document) => document.length > 0).map(policy);
}

function policy(Statement: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

/** Actions with the same resources and the same condition share a statement. */
function statementsOf(permissions: readonly Permission[], place: Place): Statement[] {
  const resources = new Map<string, { readonly action: string; readonly passedTo?: string; readonly arns: string[] }>();
  for (const { action, resource, passedTo } of permissions) {
    const key = `${action} ${passedTo}`;
    const found = resources.get(key) ?? { action, passedTo, arns: [] };
    resources.set(key, found);
    found.arns.push(...inPlace(resource, place));
  }
  const statements = new Map<
    string,
    { readonly passedTo?: string; readonly arns: string[]; readonly actions: string[] }
  >();
  for (const { action, passedTo, arns } of resources.values()) {
    const least = withoutCovered(arns);
    const key = JSON.stringify([passedTo, least]);
    const found = statements.get(key) ?? { passedTo, arns: least, actions: [] };
    statements.set(key, found);
    found.actions.push(action);
  }
  return [...statements.values()].map(({ passedTo, arns, actions }) => ({
    Effect: 'Allow',
    Action: actions.sort(),
    Resource: arns.length === 1 ? arns[0]! : arns,
    ...(passedTo !== undefined && { Condition: { StringEquals: { 'iam:PassedToService': passedTo } } }),
  }));
}

/** An ARN that another one with a `*` at its end stands for is left out. */
function withoutCovered(arns: readonly string[]): string[] {
  const all = [...new Set(arns)].sort();
  return all.filter(
    (arn) => !all.some((other) => other !== arn && other.endsWith('*') && arn.startsWith(other.slice(0, -1))),
  );
}

/** SageMaker writes names in ARNs in lower case, and asks IAM with the one or the other. */
function inPlace(resource: string, place: Place): string[] {
  const arn = resource.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => place[name as keyof Place] ?? whole);
  return arn.includes(':sagemaker:') ? [arn, arn.toLowerCase()] : [arn];
}

/**
 * Roles that services make for themselves when they are first used in an account, in the name of who uses them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
const SERVICE_LINKED_ROLES: Readonly<Record<string, readonly string[]>> = {
  'ecs:CreateCluster': ['ecs.amazonaws.com'],
  'rds:CreateDBInstance': ['rds.amazonaws.com'],
  // For Studio.
  'sagemaker:CreateDomain': ['sagemaker.amazonaws.com'],
  'elasticloadbalancing:CreateLoadBalancer': ['elasticloadbalancing.amazonaws.com'],
  'application-autoscaling:RegisterScalableTarget': [
    'ecs.application-autoscaling.amazonaws.com',
    'sagemaker.application-autoscaling.amazonaws.com',
  ],
};

function serviceLinkedRoles(permissions: readonly Permission[], { partition, account }: Place): Statement[] {
  const services = Object.entries(SERVICE_LINKED_ROLES).flatMap(([action, named]) =>
    permissions.some((permission) => permission.action === action) ? named : [],
  );
  return services.map((service) => ({
    Effect: 'Allow',
    Action: ['iam:CreateServiceLinkedRole'],
    Resource: `arn:${partition}:iam::${account}:role/aws-service-role/${service}/*`,
    Condition: { StringEquals: { 'iam:AWSServiceName': service } },
  }));
}
