import type { S3BucketLifecycleConfigurationRule } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';

export interface LifecycleRule {
  readonly versioning?: boolean;
  readonly expirationDays?: number;
  readonly noncurrentVersionsToKeep?: number;
  readonly noncurrentVersionExpirationDays?: number;
  readonly abortIncompleteUploadDays?: number;
}

/** The one rule of a bucket, for every object in it. */
export function lifecycleRule(props: LifecycleRule): S3BucketLifecycleConfigurationRule {
  const { expirationDays, noncurrentVersionsToKeep, noncurrentVersionExpirationDays } = props;
  const expiresNoncurrent = noncurrentVersionsToKeep !== undefined || noncurrentVersionExpirationDays !== undefined;
  return {
    id: expirationDays !== undefined ? 'expire' : expiresNoncurrent ? 'noncurrent-versions' : 'clean-up',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    // S3 has no count without days; one day is the least it takes.
    noncurrentVersionExpiration: expiresNoncurrent
      ? [{ newerNoncurrentVersions: noncurrentVersionsToKeep, noncurrentDays: noncurrentVersionExpirationDays ?? 1 }]
      : undefined,
    expiration: expiration(expirationDays, props.versioning ?? false),
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: props.abortIncompleteUploadDays ?? 7 }],
  };
}

/** S3 takes days or delete markers in one rule; days clear the markers too. */
function expiration(days: number | undefined, versioning: boolean): S3BucketLifecycleConfigurationRule['expiration'] {
  if (days !== undefined) return [{ days }];
  // Every deletion leaves a marker, also once it hides no version any more.
  return versioning ? [{ expiredObjectDeleteMarker: true }] : undefined;
}
