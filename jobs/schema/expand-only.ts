import { MigrationError } from './migration-error';

/** What breaks code that was deployed before the migration. */
const BREAKING = [
  [/\bDROP\s+(TABLE|COLUMN|VIEW|SCHEMA|FUNCTION|TYPE)\b/i, 'drops what running code may use'],
  [/\bRENAME\s+(TO|COLUMN|CONSTRAINT)\b/i, 'renames what running code uses by its old name'],
  [/\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b/i, 'retypes a column and rewrites the table under a lock'],
  [/\bSET\s+NOT\s+NULL\b/i, 'refuses what running code still writes'],
  [/\bTRUNCATE\b/i, 'deletes rows'],
] as const;

/** @throws MigrationError when an expanding migration takes something away */
export function refuseBreaking(file: string, sql: string): void {
  const code = sql.replaceAll(/--[^\n]*/g, '').replaceAll(/'(?:[^']|'')*'/g, "''");
  for (const [pattern, why] of BREAKING) {
    const found = pattern.exec(code);
    if (found !== null)
      throw new MigrationError(
        `${file}: "${found[0]}" ${why}; an expand migration only adds: move it into a later .contract.sql, which is ` +
          'applied after the code that needs the old form is gone',
      );
  }
}
