import type { BucketPolicyStatement, MinimumTlsVersion } from './bucket-policy';

/** Objects whose keys start with a prefix, which are deleted after some days. */
export interface ExpiringPrefix {
  /** Start of the keys, such as `async/`. */
  readonly prefix: string;
  /** Days after which an object is deleted, 1 to 3650. With versioning its noncurrent versions follow a day later. */
  readonly days: number;
}

/** What pages of other origins may do with the bucket from a browser. */
export interface BucketCors {
  /** Such as `https://shop.example.com`. */
  readonly origins: readonly string[];
  readonly methods: readonly ('GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD')[];
  /** Headers that requests may have. @default any */
  readonly headers?: readonly string[];
}

export interface PrivateBucketProps {
  /** Name, globally unique, 3 to 63 characters; or `bucketNamePrefix`. Changing it replaces the bucket. */
  readonly bucketName?: string;
  /** Prefix of a generated unique name, at most 37 characters; or `bucketName`. Changing it replaces the bucket. */
  readonly bucketNamePrefix?: string;
  /**
   * ARN of the KMS key that encrypts the objects; billed by KMS, reduced by a bucket key. Writes with another
   * encryption are denied.
   * @default AES-256 with keys of Amazon S3, free
   */
  readonly kmsKeyArn?: string;
  /** Minimum TLS version of requests. Requests without TLS are always denied. @default the minimum of S3, 1.2 */
  readonly minimumTlsVersion?: MinimumTlsVersion;
  /**
   * Whether noncurrent versions of an object are kept. Once on, false suspends it: existing versions stay.
   * @default false
   */
  readonly versioning?: boolean;
  /**
   * Days after which an object is deleted, 1 to 3650; with versioning, after which it becomes noncurrent.
   * @default none: objects are kept
   */
  readonly expirationDays?: number;
  /**
   * Prefixes whose objects are deleted after some days, whatever the other rules keep.
   * @default none
   */
  readonly expiringPrefixes?: readonly ExpiringPrefix[];
  /**
   * How many noncurrent versions of an object are kept regardless of age, 1 to 100. Needs `versioning`.
   * @default none, when `noncurrentVersionExpirationDays` is given; else all are kept
   */
  readonly noncurrentVersionsToKeep?: number;
  /**
   * Days after which further noncurrent versions are deleted, 1 to 3650. Needs `versioning`.
   * @default 1, when `noncurrentVersionsToKeep` is given; else all are kept
   */
  readonly noncurrentVersionExpirationDays?: number;
  /** Days after which incomplete multipart uploads are deleted, 1 to 3650. @default 7 */
  readonly abortIncompleteUploadDays?: number;
  /** Further statements of the bucket policy, built from the bucket's ARN. @default none: access is left to IAM */
  readonly policyStatements?: (bucketArn: string) => readonly BucketPolicyStatement[];
  /**
   * Name of the bucket that S3 writes access logs to; it must let `logging.s3.amazonaws.com` in.
   * @default none: no access logs
   */
  readonly accessLogsBucketName?: string;
  /**
   * Key prefix of the access logs.
   * @default '<name of this bucket>/'
   */
  readonly accessLogsPrefix?: string;
  /** @default none: only pages of no or the same origin */
  readonly cors?: BucketCors;
  /**
   * Whether Terraform refuses every plan that would destroy the bucket.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Whether destroying the bucket also destroys every object in it.
   * @default false: AWS refuses while there are any
   */
  readonly forceDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}
