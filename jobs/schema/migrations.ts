import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { MigrationError } from './migration-error';
import { refuseBreaking } from './expand-only';

/**
 * One step of the schema. `expand` only adds, so that the code that runs now keeps working; `contract` takes away what
 * no running code uses any more.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly phase: 'expand' | 'contract';
  readonly sql: string;
  /** SHA-256 of the SQL, in hexadecimal. */
  readonly checksum: string;
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.(expand|contract)\.sql$/;

/**
 * Reads a folder's migrations in the order of their versions.
 *
 * @throws MigrationError when a name, the sequence of versions, or an expanding step that takes away is wrong
 */
export function readMigrations(folder: string = join(__dirname, 'migrations')): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, version, name, phase] = FILE.exec(file) ?? [];
      if (version === undefined || name === undefined || phase === undefined)
        throw new MigrationError(
          `"${file}" is not the name of a migration; use 0001-what-it-does.expand.sql or .contract.sql`,
        );
      const sql = readFileSync(join(folder, file), 'utf8');
      if (phase === 'expand') refuseBreaking(file, sql);
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: Number(version), name, phase: phase as Migration['phase'], sql, checksum };
    });
  migrations.forEach(({ version, name }, i) => {
    if (version !== i + 1)
      throw new MigrationError(
        `migration ${version} (${name}) stands at place ${i + 1}; number them from 1 without gaps`,
      );
  });
  return migrations;
}
