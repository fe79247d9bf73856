/** Why the database was not migrated: names the file, what is wrong and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
