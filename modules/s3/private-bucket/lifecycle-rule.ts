import type { S3BucketLifecycleConfigurationRule } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';

import type { ExpiringPrefix } from './private-bucket-props';

export interface LifecycleRule {
  readonly versioning?: boolean;
  readonly expirationDays?: number;
  readonly noncurrentVersionsToKeep?: number;
  readonly noncurrentVersionExpirationDays?: number;
  readonly abortIncompleteUploadDays?: number;
}

/** The lifecycle rule of a bucket, for all its objects. */
export function lifecycleRule(props: LifecycleRule): S3BucketLifecycleConfigurationRule {
  const { expirationDays, noncurrentVersionsToKeep, noncurrentVersionExpirationDays } = props;
  const expiresNoncurrent = noncurrentVersionsToKeep !== undefined || noncurrentVersionExpirationDays !== undefined;
  return {
    id: expirationDays !== undefined ? 'expire' : expiresNoncurrent ? 'noncurrent-versions' : 'clean-up',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    // S3 requires days with a count; the minimum is one day.
    noncurrentVersionExpiration: expiresNoncurrent
      ? [{ newerNoncurrentVersions: noncurrentVersionsToKeep, noncurrentDays: noncurrentVersionExpirationDays ?? 1 }]
      : undefined,
    expiration: expiration(expirationDays, props.versioning ?? false),
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: props.abortIncompleteUploadDays ?? 7 }],
  };
}

/**
 * A rule for each prefix that expires. Where rules overlap, S3 takes the one that deletes first.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */
export function prefixRules({
  versioning,
  expiringPrefixes = [],
}: {
  readonly versioning?: boolean;
  readonly expiringPrefixes?: readonly ExpiringPrefix[];
}): S3BucketLifecycleConfigurationRule[] {
  return expiringPrefixes.map(({ prefix, days }) => ({
    id: `expire-${prefix.replace(/\/$/, '')}`,
    status: 'Enabled',
    filter: [{ prefix }],
    expiration: [{ days }],
    noncurrentVersionExpiration: (versioning ?? false) ? [{ noncurrentDays: 1 }] : undefined,
  }));
}

/** S3 accepts days or delete markers in one rule; days remove the markers too. */
function expiration(days: number | undefined, versioning: boolean): S3BucketLifecycleConfigurationRule['expiration'] {
  if (days !== undefined) return [{ days }];
  // Every deletion leaves a marker, even when it no longer hides any version.
  return versioning ? [{ expiredObjectDeleteMarker: true }] : undefined;
}
