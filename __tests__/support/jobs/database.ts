import { findPostgres } from '../../../local/postgres';

/** `describe`, or a skip that says why; with CI=true a missing PostgreSQL is a failure. */
export const describeWithPostgres: jest.Describe =
  findPostgres() !== undefined || process.env.CI === 'true'
    ? describe
    : Object.assign(
        (name: string, block: jest.EmptyFunction) => describe.skip(`${name} (PostgreSQL is not installed)`, block),
        { each: describe.each, only: describe.only, skip: describe.skip },
      );
