import { findPostgres } from '../../../local/postgres';

/** `describe`, or a skip that says why; with CI=true a missing PostgreSQL is a failure. */
export const describeWithPostgres = (name: string, block: () => void): void =>
  findPostgres() !== undefined || process.env.CI === 'true'
    ? describe(name, block)
    : describe.skip(`${name} (PostgreSQL is not installed)`, block);
