import type { Client } from 'pg';

import { MigrationError } from './migration-error';
import { type Migration, readMigrations } from './migrations';

export interface MigrateOptions {
  /** @default the migrations beside this file */
  readonly migrations?: readonly Migration[];
  /**
   * Whether to apply contract migrations too. Do so when no code of the old form runs any more.
   * @default false: stop before the first contract migration
   */
  readonly contract?: boolean;
}

export interface MigrateResult {
  /** Versions that were applied now. */
  readonly applied: readonly number[];
  /** Versions that wait for `contract`. */
  readonly waiting: readonly number[];
}

/** Any number, the same in each version of this program: two runs at the same time apply each migration once. */
const LOCK = 7_286_001;

/**
 * Brings the database to the newest version, each migration in a transaction of its own. A second run at the same time
 * waits for the first.
 *
 * @param client connected, as the owner of the schema
 * @throws MigrationError when an applied migration was changed or is gone, or one fails (with its name)
 */
export async function migrate(client: Client, options: MigrateOptions = {}): Promise<MigrateResult> {
  const migrations = options.migrations ?? readMigrations();
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(`CREATE TABLE IF NOT EXISTS strata_migration (
      version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now())`);
    const pending = await pendingOf(client, migrations);
    const stop = options.contract === true ? -1 : pending.findIndex(({ phase }) => phase === 'contract');
    const now = stop === -1 ? pending : pending.slice(0, stop);
    for (const migration of now) await apply(client, migration);
    return {
      applied: now.map(({ version }) => version),
      waiting: pending.slice(now.length).map(({ version }) => version),
    };
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

async function pendingOf(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'SELECT version, name, checksum FROM strata_migration ORDER BY version',
  );
  for (const { version, name, checksum } of rows) {
    const known = migrations.find((migration) => migration.version === version);
    if (known === undefined)
      throw new MigrationError(
        `the database has migration ${version} (${name}), which this program does not know; deploy a newer program`,
      );
    if (known.checksum !== checksum)
      throw new MigrationError(
        `migration ${version} (${known.name}) was changed after it was applied; restore the file and write a new one`,
      );
  }
  return migrations.filter(({ version }) => !rows.some((row) => row.version === version));
}

async function apply(client: Client, { version, name, checksum, sql }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL lock_timeout = '10s'"); // rather fail than queue all others behind us
    await client.query(sql);
    await client.query('INSERT INTO strata_migration (version, name, checksum) VALUES ($1, $2, $3)', [
      version,
      name,
      checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(`migration ${version} (${name}) failed and was rolled back: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
