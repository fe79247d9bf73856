import type { BucketPolicyStatement, MinimumTlsVersion } from './bucket-policy';

export interface PrivateBucketProps {
  /** Name, unique in all of AWS, 3 to 63 characters; or `bucketNamePrefix`. Another name replaces the bucket. */
  readonly bucketName?: string;
  /**
   * Start of a name, at most 37 characters; the provider makes the rest, which is unique. Or `bucketName`. Another
   * prefix replaces the bucket.
   */
  readonly bucketNamePrefix?: string;
  /**
   * ARN of the KMS key that encrypts the objects; billed by KMS, lessened by a bucket key. A write that asks for
   * another encryption than KMS is refused.
   * @default AES-256 with keys of Amazon S3, free
   */
  readonly kmsKeyArn?: string;
  /**
   * Oldest TLS version of a request. Requests without TLS are always refused.
   * @default what S3 itself asks for, which is 1.2
   */
  readonly minimumTlsVersion?: MinimumTlsVersion;
  /**
   * Whether former versions of an object are kept. Once on, false suspends it: former versions stay.
   * @default false
   */
  readonly versioning?: boolean;
  /**
   * Days after which an object is deleted, 1 to 3650; with versioning, after which it becomes a former version.
   * @default none: objects are kept
   */
  readonly expirationDays?: number;
  /**
   * How many former versions of an object are kept whatever their age, 1 to 100. Needs `versioning`.
   * @default none, when `noncurrentVersionExpirationDays` is given; else all are kept
   */
  readonly noncurrentVersionsToKeep?: number;
  /**
   * Days after which former versions (beyond those to keep) are deleted, 1 to 3650. Needs `versioning`.
   * @default 1, when `noncurrentVersionsToKeep` is given; else all are kept
   */
  readonly noncurrentVersionExpirationDays?: number;
  /**
   * Days after which the parts of an upload that was never completed are deleted, 1 to 3650.
   * @default 7
   */
  readonly abortIncompleteUploadDays?: number;
  /**
   * Statements of the bucket policy beside the bucket's own, made from the bucket's ARN.
   * @default none: who may do what is left to IAM
   */
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
