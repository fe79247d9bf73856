import { Range, satisfies, validRange, type Comparator } from 'semver';

/**
 * Checks that a range is one a consumer may declare.
 * @throws Error when it is no semantic version range, or one that accepts every version.
 */
export function checkRange(range: string): void {
  if (validRange(range) === null) throw new Error(`contract range "${range}" is not a semantic version range; use one such as ^1.0 or >=1.2.0 <3.0.0`);
  if (validRange(range) === '*') throw new Error(`contract range "${range}" accepts every version, also those that break; use one such as ^1.0`);
}

/** Whether a version lies in a range. */
export function acceptsVersion(range: string, version: string): boolean {
  return satisfies(version, range);
}

// Terraform knows no semantic versions. Each part gets six decimal digits of one number; Terraform's numbers are exact well beyond that.
const MINOR = 1e6;
const MAJOR = 1e12;

/**
 * A range as a Terraform condition on a version held in `expression` (a string `MAJOR.MINOR.PATCH`).
 * False where the version is missing or malformed.
 */
export function rangeCondition(range: string, expression: string): string {
  checkRange(range);
  const parts = `split(".", ${expression})`;
  const number = `(tonumber(${parts}[0]) * ${MAJOR} + tonumber(${parts}[1]) * ${MINOR} + tonumber(${parts}[2]))`;
  const alternatives = new Range(range).set.map((comparators) => comparators.map((comparator) => comparison(number, comparator)).join(' && '));
  return `try(${alternatives.map((alternative) => `(${alternative})`).join(' || ')}, false)`;
}

function comparison(number: string, { operator, semver }: Comparator): string {
  return `${number} ${operator === '' ? '==' : operator} ${semver.major * MAJOR + semver.minor * MINOR + semver.patch}`;
}
