// The options of a PostgreSQL database, with the rules of RDS. Loads no construct.
import { integer, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';

/**
 * How a database is sized and kept.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
export interface PostgresOptions {
  /**
   * `rds`: an instance that always runs. `aurora-serverless`: a cluster whose size follows the load, and which pauses
   * where `minAcu` is 0. Changing it is a new database.
   * @default rds
   */
  readonly kind?: 'rds' | 'aurora-serverless';
  /** Major version of PostgreSQL, 15 to 17; minor versions are taken by AWS in the maintenance window. @default 17 */
  readonly engineVersion?: string;

  /** Class of an instance of `rds`, such as db.t4g.micro. @default db.t4g.micro */
  readonly instanceClass?: string;
  /** Storage of `rds` in GiB, 20 to 65536; it can only grow. @default 20 */
  readonly storageGiB?: number;
  /** Whether `rds` has a standby in another zone, or `aurora-serverless` a reader. @default false */
  readonly multiAz?: boolean;

  /**
   * Smallest size of `aurora-serverless` in Aurora capacity units (about 2 GiB of memory each), 0 to 256 in steps of
   * 0.5; 0 pauses it.
   * @default 0
   */
  readonly minAcu?: number;
  /** Largest size of `aurora-serverless` in Aurora capacity units, 1 to 256 in steps of 0.5. @default 4 */
  readonly maxAcu?: number;
  /** Seconds without a connection after which it pauses, 300 to 86400; with `minAcu` 0. @default 300 */
  readonly autoPauseSeconds?: number;

  /** Days that automatic backups are kept, 1 to 35. @default 7 */
  readonly backupRetentionDays?: number;
}

const acu = (min: number) => z.number().min(min).max(256).multipleOf(0.5);

/** The schema of `PostgresOptions`. */
export const postgresOptions = z.strictObject({
  kind: z
    .enum(['rds', 'aurora-serverless'])
    .default('rds')
    .describe(
      'rds: an instance that always runs; aurora-serverless: a cluster that follows the load, and pauses with minAcu 0. ' +
        'Changing it is a new database',
    ),
  engineVersion: z
    .enum(['15', '16', '17'])
    .default('17')
    .describe('Major version of PostgreSQL; AWS installs minor versions in the maintenance window'),
  instanceClass: z
    .string()
    .regex(/^db\.[a-z0-9-]+\.[a-z0-9]+$/, 'use the class of an instance, such as db.t4g.micro')
    .default('db.t4g.micro')
    .describe('Class of an instance of rds'),
  storageGiB: integer({ min: 20, max: 65_536, unit: 'GiB' })
    .default(20)
    .describe('Storage of rds in GiB; it can only grow'),
  multiAz: z
    .boolean()
    .default(false)
    .describe('Whether rds has a standby in another zone, or aurora-serverless a reader'),
  minAcu: acu(0)
    .default(0)
    .describe('Smallest size of aurora-serverless in Aurora capacity units of about 2 GiB; 0 pauses it'),
  maxAcu: acu(1).default(4).describe('Largest size of aurora-serverless in Aurora capacity units'),
  autoPauseSeconds: integer({ min: 300, max: 86_400, unit: 'seconds' })
    .default(300)
    .describe('Seconds without a connection after which aurora-serverless pauses; with minAcu 0'),
  backupRetentionDays: integer({ min: 1, max: 35, unit: 'days' })
    .default(7)
    .describe('Days that automatic backups are kept'),
});

const OF_RDS = ['instanceClass', 'storageGiB'] as const;
const OF_AURORA = ['minAcu', 'maxAcu', 'autoPauseSeconds'] as const;

/** What does not fit together. `given` are the options as they were written, without defaults. */
export function postgresProblems(given: PostgresOptions, isKnown: IsKnown): OptionProblem[] {
  const kind = given.kind ?? 'rds';
  const problems: OptionProblem[] = (kind === 'rds' ? OF_AURORA : OF_RDS)
    .filter((key) => given[key] !== undefined)
    .map((key) => ({
      path: [key],
      message: `it has no effect with kind "${kind}"; leave it out, or use kind "${kind === 'rds' ? 'aurora-serverless' : 'rds'}"`,
    }));
  const { minAcu = 0, maxAcu = 4 } = given;
  if (kind === 'rds' || !isKnown(minAcu) || !isKnown(maxAcu)) return problems;
  if (minAcu > maxAcu)
    problems.push({ path: ['minAcu'], message: `${minAcu} is above maxAcu (${maxAcu}); use at most ${maxAcu}` });
  if (minAcu > 0 && given.autoPauseSeconds !== undefined) {
    problems.push({
      path: ['autoPauseSeconds'],
      message: `a database with minAcu ${minAcu} never pauses; leave it out, or use minAcu 0`,
    });
  }
  return problems;
}
