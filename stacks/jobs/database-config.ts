// The schema of the database, and how many connections it takes. Loads no construct.
import { integer, isGiven } from '@strata/core/rules';
import { postgresOptions, postgresProblems } from '@strata/rds/rules';
import * as z from 'zod';

/** The schema of a database that exists already. */
const imported = z.strictObject({
  kind: z.literal('imported').describe('A PostgreSQL database of RDS that exists already, with IAM authentication'),
  endpoint: z.string().min(1).describe('Host name'),
  port: integer({ min: 1150, max: 65_535 }).default(5432).describe('Port'),
  databaseName: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'use lower-case letters, digits and underscores')
    .describe('Name of the database in it'),
  resourceId: z
    .string()
    .regex(/^(db|cluster)-[A-Z0-9]+$/, 'use the resource id, such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    .describe('What ARNs of rds-db:connect name it by'),
  securityGroupId: z
    .string()
    .regex(/^sg-[0-9a-f]+$/, 'use the id of a security group')
    .describe('Its security group; this layer adds rules to it'),
  maxConnections: integer({ min: 10, max: 5000, unit: 'connections' }).describe(
    'Connections that it takes from this layer',
  ),
});

const { engineVersion, instanceClass, storageGiB, multiAz, minAcu, maxAcu, autoPauseSeconds, backupRetentionDays } =
  postgresOptions.shape;

const rds = z.strictObject({
  kind: z.literal('rds').describe('An instance that always runs'),
  engineVersion,
  instanceClass,
  storageGiB,
  multiAz,
  backupRetentionDays,
});

const aurora = z.strictObject({
  kind: z.literal('aurora-serverless').describe('A cluster that follows the load, and pauses with minAcu 0'),
  engineVersion,
  multiAz,
  minAcu,
  maxAcu,
  autoPauseSeconds: autoPauseSeconds.unwrap().optional().describe(autoPauseSeconds.description!),
  backupRetentionDays,
});

/** The schema of the database. */
export const databaseConfig = z.discriminatedUnion('kind', [rds, aurora, imported]).superRefine((database, context) => {
  if (database.kind !== 'aurora-serverless') return;
  for (const { path, message } of postgresProblems(database, isGiven))
    context.addIssue({ code: 'custom', path, message });
});

export type DatabaseConfig = z.output<typeof databaseConfig>;

/**
 * GiB of memory of the small classes, where connections run out; larger ones take what they need here.
 * @see https://aws.amazon.com/rds/instance-types/
 */
const MEMORY_GIB: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
};

/**
 * `max_connections` by default: memory / 9,531,392, at most 5000; of the memory about a quarter is kept by the system
 * and RDS (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections). Aurora
 * Serverless takes the memory of its largest size, and at most 2000 where its smallest is 0 or 0.5.
 */
export function maxConnections(database: DatabaseConfig): number | undefined {
  const perGiB = (1024 ** 3 * 0.75) / 9_531_392;
  switch (database.kind) {
    case 'imported':
      return database.maxConnections;
    case 'aurora-serverless': {
      const most = Math.min(5000, Math.floor(perGiB * 2 * database.maxAcu));
      return database.minAcu <= 0.5 ? Math.min(2000, most) : most;
    }
    case 'rds': {
      const memory = MEMORY_GIB[database.instanceClass.split('.').at(-1)!];
      return memory === undefined ? undefined : Math.floor(perGiB * memory);
    }
  }
}
