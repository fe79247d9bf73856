import { PrivateBucket, checkPrivateBucketProps, type PrivateBucketProps } from '../private-bucket';
import { Problems } from '@strata/core';
import { Construct } from 'constructs';

export interface StateBucketProps {
  /**
   * Name, globally unique, 3 to 63 characters. It is not generated, because a backend cannot look it up. Changing it
   * replaces the bucket.
   */
  readonly bucketName: string;
  /**
   * ARN of the KMS key that encrypts the states; billed by KMS, reduced by a bucket key. Backends may leave it out
   * (`kmsKeyId`), as the bucket applies it; writes with another encryption are denied.
   * @default AES-256 with keys of Amazon S3, free
   */
  readonly kmsKeyArn?: string;
  /** How many noncurrent versions of a state are kept regardless of age, 1 to 100. @default 50 */
  readonly noncurrentVersionsToKeep?: number;
  /** Days after which further noncurrent versions are deleted, 1 to 3650. @default 90 */
  readonly noncurrentVersionExpirationDays?: number;
  /**
   * Name of the bucket that S3 writes access logs to; it must let `logging.s3.amazonaws.com` in.
   * @default none: no access logs
   */
  readonly accessLogsBucketName?: string;
  /**
   * Key prefix of the access logs.
   * @default '<bucketName>/'
   */
  readonly accessLogsPrefix?: string;
  /**
   * Whether Terraform refuses every plan that would destroy the bucket.
   * @default true
   */
  readonly preventDestroy?: boolean;
  /**
   * Whether destroying the bucket also destroys all states in it, with their history.
   * @default false: AWS refuses while there are any
   */
  readonly forceDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A bucket for Terraform state. This resource is stateful: losing it means losing Terraform's record of everything
 * deployed.
 *
 * Versioned, encrypted, TLS 1.2 or newer only, never public; the bucket owner owns every object. Locks are objects in
 * it (`use_lockfile`), so no table is needed.
 */
export class StateBucket extends Construct {
  /** Holds every resource. */
  readonly bucket: PrivateBucket;
  readonly bucketName: string;
  readonly bucketArn: string;

  /** @throws ValidationError naming every invalid prop. */
  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const bucketProps: PrivateBucketProps = {
      bucketName: props.bucketName,
      kmsKeyArn: props.kmsKeyArn,
      minimumTlsVersion: '1.2',
      versioning: true,
      noncurrentVersionsToKeep: props.noncurrentVersionsToKeep ?? 50,
      noncurrentVersionExpirationDays: props.noncurrentVersionExpirationDays ?? 90,
      accessLogsBucketName: props.accessLogsBucketName,
      accessLogsPrefix: props.accessLogsPrefix,
      preventDestroy: props.preventDestroy ?? true,
      forceDestroy: props.forceDestroy,
      tags: props.tags,
    };
    const problems = new Problems(this);
    checkPrivateBucketProps(problems, bucketProps, 'state bucket');
    problems.throwIfAny();

    // This id keeps the resources' addresses as if they were created here.
    this.bucket = new PrivateBucket(this, 'Default', bucketProps);
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
  }
}
