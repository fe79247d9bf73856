export { MigrationError } from './migration-error';
export { type Migration, readMigrations } from './migrations';
export { migrate, type MigrateOptions, type MigrateResult } from './migrate';
