import { EcrRegistryScanningConfiguration } from '@cdktf/provider-aws/lib/ecr-registry-scanning-configuration';
import { isResolved, Problems, checkOneOf } from '@strata/core';
import { Construct } from 'constructs';

export type RegistryScanType = 'BASIC' | 'ENHANCED';
export type RegistryScanFrequency = 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN';

const SCAN_TYPES: readonly RegistryScanType[] = ['BASIC', 'ENHANCED'];
const SCAN_FREQUENCIES: readonly RegistryScanFrequency[] = ['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'];

export interface EcrRegistryScanningProps {
  /**
   * `BASIC` (free, operating system packages) or `ENHANCED` (Amazon Inspector, billed per image, language packages
   * too).
   * @default 'ENHANCED'
   */
  readonly scanType?: RegistryScanType;
  /**
   * When an image is scanned: when it is pushed, or, with `ENHANCED` only, again whenever a new vulnerability becomes
   * known.
   * @default 'SCAN_ON_PUSH'
   */
  readonly scanFrequency?: RegistryScanFrequency;
  /**
   * Repositories that are scanned, by name; `*` stands for any text. At most 100.
   * @default ['*']
   */
  readonly repositoryFilters?: readonly string[];
}

/**
 * Scanning of a whole registry: it overrides each repository's own setting. There is one registry per account and
 * region, so create this once; two of them overwrite each other. Destroying it goes back to basic scanning.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
export class EcrRegistryScanning extends Construct {
  readonly resource: EcrRegistryScanningConfiguration;

  /** @throws ValidationError naming every invalid prop. */
  constructor(scope: Construct, id: string, props: EcrRegistryScanningProps = {}) {
    super(scope, id);
    const scanType = props.scanType ?? 'ENHANCED';
    const scanFrequency = props.scanFrequency ?? 'SCAN_ON_PUSH';
    const filters = props.repositoryFilters ?? ['*'];

    const problems = new Problems(this);
    checkOneOf(problems, 'scanType', scanType, SCAN_TYPES);
    checkOneOf(problems, 'scanFrequency', scanFrequency, SCAN_FREQUENCIES);
    problems.check(
      scanType !== 'BASIC' || scanFrequency !== 'CONTINUOUS_SCAN',
      'scanFrequency: "CONTINUOUS_SCAN" needs scanType "ENHANCED"; use it, or "SCAN_ON_PUSH"',
    );
    problems.check(
      filters.length >= 1 && filters.length <= 100,
      `repositoryFilters: has ${filters.length} entries; use 1 to 100`,
    );
    filters.forEach((filter, i) => {
      if (!isResolved(filter)) return;
      problems.check(
        /^[a-z0-9*]+(?:[._/-][a-z0-9*]+)*$/.test(filter) && filter.length <= 256,
        `repositoryFilters[${i}]: "${filter}" is not a filter; use a repository name, with * for any text`,
      );
    });
    problems.throwIfAny();

    this.resource = new EcrRegistryScanningConfiguration(this, 'resource', {
      scanType,
      rule: [{ scanFrequency, repositoryFilter: filters.map((filter) => ({ filter, filterType: 'WILDCARD' })) }],
    });
  }
}
