// What AWS allows, as data and checks without cdktf.
export { postgresOptions, postgresProblems, type PostgresOptions } from './postgres-database/postgres-options';
