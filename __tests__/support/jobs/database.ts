import { findPostgres } from '../../../local/postgres';

/** `describe`, or a skip that says why; with CI=true a missing PostgreSQL is a failure. */
export function describeWithPostgres(name: string, block: () => void): void {
  if (findPostgres() !== undefined || process.env.CI === 'true') {
    describe(name, () => {
      block();
    });
  } else {
    describe.skip(`${name} (PostgreSQL is not installed)`, () => {
      block();
    });
  }
}
