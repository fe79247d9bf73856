import { isResolved, checkName, type Problems } from '@strata/core';

const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '--x-s3', '--table-s3'];

/**
 * Checks a bucket's name. Dots, which S3 allows, are rejected: Terraform uses the bucket's host name, and S3's
 * certificates do not cover names with dots.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(problems: Problems, key: string, name: string | undefined): void {
  checkName(problems, key, name, {
    what: 'bucket name',
    maxLength: 63,
    pattern: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
    allowed: '3 or more lower-case letters, digits and hyphens, not starting or ending with a hyphen',
    reservedPrefixes: ['xn--', 'sthree-', 'amzn-s3-demo-'],
  });
  const suffix = isResolved(name) ? RESERVED_SUFFIXES.find((reserved) => name.endsWith(reserved)) : undefined;
  if (suffix !== undefined)
    problems.add(`${key}: "${name}" ends with "${suffix}", which AWS reserves; choose another bucket name`);
}

/** Checks the prefix of a generated name: the provider appends 26 characters, and a name may have 63. */
export function checkBucketNamePrefix(problems: Problems, key: string, prefix: string | undefined): void {
  if (!isResolved(prefix)) return;
  problems.check(
    /^[a-z0-9][a-z0-9-]{0,36}$/.test(prefix),
    `${key}: "${prefix}" cannot start a bucket name; use 1 to 37 lower-case letters, digits and hyphens, ` +
      'starting with no hyphen',
  );
}
