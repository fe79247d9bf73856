import { Range, satisfies, validRange, type Comparator } from 'semver';
import { ContractError } from './contract-error';

/**
 * Checks that a range is one a consumer may declare.
 * @throws ContractError if it is not a semantic version range, or accepts every version.
 */
export function checkRange(range: string): void {
  if (validRange(range) === null)
    throw new ContractError(
      `contract range "${range}" is not a semantic version range; use one such as ^1.0 or >=1.2.0 <3.0.0`,
    );
  if (validRange(range) === '*')
    throw new ContractError(
      `contract range "${range}" accepts every version, including breaking ones; use one such as ^1.0`,
    );
}

/** Whether a version is in a range. */
export function acceptsVersion(range: string, version: string): boolean {
  return satisfies(version, range);
}

// Terraform has no semantic versions: the parts become one number with sixteen decimal digits each, the most that
// semver allows. Terraform's numbers are exact well beyond that.
const DIGITS = 16;

/**
 * A range as a Terraform condition on the version in `expression` (a string `MAJOR.MINOR.PATCH`). False if the version
 * is missing or malformed.
 */
export function rangeCondition(range: string, expression: string): string {
  checkRange(range);
  const version = `tonumber(join("", formatlist("%0${DIGITS}d", regex("^([0-9]+)[.]([0-9]+)[.]([0-9]+)$", ${expression}))))`;
  const alternatives = new Range(range).set.map((comparators) => comparators.map(comparison).join(' && '));
  return `try(alltrue([for version in [${version}] : ${alternatives.join(' || ')}]), false)`;
}

// A bound that is a prerelease lies just below the release of the same number. Contracts have releases only, so no
// version equals it.
function comparison({ operator, semver }: Comparator): string {
  const bound = BigInt(
    [semver.major, semver.minor, semver.patch].map((part) => String(part).padStart(DIGITS, '0')).join(''),
  );
  const prerelease = semver.prerelease.length > 0;
  switch (operator) {
    case '>':
    case '>=':
      return `version ${prerelease ? '>=' : operator} ${bound}`;
    case '<':
    case '<=':
      return `version ${prerelease ? '<' : operator} ${bound}`;
    default:
      return prerelease ? 'false' : `version == ${bound}`;
  }
}
