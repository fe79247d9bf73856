export { PostgresDatabase, type PostgresDatabaseProps } from './postgres-database';
export type { PostgresOptions } from './postgres-options';
