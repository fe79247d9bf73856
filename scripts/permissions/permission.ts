import type { Need } from '../../local/aws/iam/need';
import { NAME_PREFIX } from './configurations';

/** One permission, for any project, environment, region and account: `arn:${partition}:ecr:${region}:...`. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Service that a role is passed to. */
  readonly passedTo?: string;
}

/** Recorded needs without what only the recording had, sorted. */
export function permissionsOf(needs: readonly Need[]): Permission[] {
  const found = new Map<string, Permission>();
  for (const { action, resource, context } of needs) {
    const passedTo = context?.['iam:PassedToService'];
    const permission = {
      action,
      resource: generalized(resource),
      ...(typeof passedTo === 'string' && { passedTo }),
    };
    found.set(JSON.stringify(permission), permission);
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, permission]) => permission);
}

/** Ids that AWS or Terraform give, by where they stand in an ARN. */
const GIVEN: readonly (readonly [RegExp, string])[] = [
  // EC2: vpc/vpc-0a1b2c3d
  [/\/[a-z]+-[0-9a-f]{8,}$/, '/*'],
  // Load balancers, listeners and rules: .../app/name/50dc6c495c0c9188/...
  [/(:(?:loadbalancer|listener|listener-rule)\/(?:app|net)\/[^/]+)\/.*$/, '$1/*'],
  [/(:targetgroup\/[^/]+)\/.*$/, '$1/*'],
  // APIs, and what is in them.
  [/(:apigateway:[^:]*::\/[a-z]+)\/.*$/, '$1/*'],
  // Targets of Application Auto Scaling.
  [/(:scalable-target)\/.*$/, '$1/*'],
  // Task definitions: revisions.
  [/(:task-definition\/[^:]+):\d+$/, '$1:*'],
  // Domains of SageMaker Studio, and what is in them.
  [/\/d-[a-z0-9]{8,}/, '/d-*'],
  // A database's resource id, which the provider asks for.
  [/(:rds:.*:db:)db-[A-Z0-9]{20,}$/, '$1*'],
  // Keys, connections and others have a UUID.
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*'],
  // Terraform's name_prefix ends in the time and a counter.
  [/\d{14,}[0-9a-f]{8,}/g, '*'],
  // CloudWatch Logs asks for streams.
  [/(:log-group:[^:]*):log-stream:.*$/, '$1:*'],
  // Objects of a bucket.
  [/^(arn:[^:]+:s3:::[^/]+)\/.*$/, '$1/*'],
];

function generalized(resource: string): string {
  if (resource === '*') return resource;
  const text = GIVEN.reduce((arn, [pattern, replacement]) => arn.replace(pattern, replacement), resource);
  return text
    .replace(/^arn:aws:/, 'arn:${partition}:')
    .replaceAll('123456789012', '${account}')
    .replaceAll('ap-northeast-2', '${region}')
    .replaceAll(`${NAME_PREFIX}-`, '${prefix}')
    .replaceAll('shop-dev', '${project}-${environment}')
    .replaceAll('shop/dev', '${project}/${environment}')
    .replace(/-dev(?=[-:/]|$)/g, '-${environment}');
}
