// What the layer needs of a network without NAT. Loads no construct.
import { secretService } from '@strata/ecs/rules';
import type { EndpointNeeds } from '@strata/core/rules';
import type { KindConfig } from './kind-config';

/**
 * What the functions call. Their logs, and what Lambda itself receives from queues, do not go through the VPC; signing in
 * to the database ends at its address in the VPC.
 */
const FUNCTIONS = ['s3:GetObject', 'sqs:SendMessage', 'ecs:UpdateService', 'events:PutEvents'];
/** What migrations read. */
const MIGRATIONS = ['secretsmanager:GetSecretValue'];
/** What every worker calls. It protects its task at an address of the task itself, which the agent of ECS answers. */
const WORKERS = ['s3:GetObject', 's3:PutObject', 'sqs:ReceiveMessage', 'events:PutEvents'];

interface Parts {
  readonly kinds: Readonly<Record<string, KindConfig>>;
  readonly database: { readonly kind: string };
}

/**
 * What functions and workers in the private subnets talk to in AWS: what the network layer derives its VPC endpoints
 * from.
 */
export function endpointNeeds({ kinds, database }: Parts): EndpointNeeds[] {
  return [
    { actions: [...FUNCTIONS, ...(database.kind === 'imported' ? [] : MIGRATIONS)] },
    ...Object.values(kinds).map(({ permissions, secrets }) => {
      const services = Object.values(secrets).map((secret) => secretService(secret));
      return {
        ecrImages: true,
        cloudWatchLogs: true,
        secretsManagerSecrets: services.includes('secretsmanager'),
        ssmParameters: services.includes('ssm'),
        actions: [...WORKERS, ...permissions.flatMap(({ actions }) => actions)],
      };
    }),
  ];
}
