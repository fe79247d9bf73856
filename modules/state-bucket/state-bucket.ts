import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { isResolved, Problems, requireInteger } from '@strata/validation';
import { Construct } from 'constructs';
import { bucketPolicy } from './bucket-policy';
import { requireBucketName } from './names';

export interface StateBucketProps {
  /** Name, unique in all of AWS, 3 to 63 characters. A backend cannot look it up, so it is chosen, not generated. Another name replaces the bucket. */
  readonly bucketName: string;
  /**
   * ARN of the KMS key that encrypts the states; billed by KMS, lessened by a bucket key. Backends may leave it out (`kmsKeyId`), as the
   * bucket applies it; a write that asks for another encryption than KMS is refused.
   * @default AES-256 with keys of Amazon S3, free
   */
  readonly kmsKeyArn?: string;
  /**
   * How many former versions of a state are kept whatever their age, 1 to 100.
   * @default 50
   */
  readonly noncurrentVersionsToKeep?: number;
  /**
   * Days after which former versions beyond those are deleted, 1 to 3650.
   * @default 90
   */
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
 * A bucket for Terraform state. This resource is stateful: losing it means losing what Terraform knows of everything deployed.
 *
 * Versioned, encrypted, reached by TLS 1.2 or newer only, never public; the bucket owner owns every object. Locks are objects in it (`use_lockfile`),
 * so no table is needed.
 */
export class StateBucket extends Construct {
  readonly resource: S3Bucket;
  readonly versioning: S3BucketVersioningA;
  readonly encryption: S3BucketServerSideEncryptionConfigurationA;
  readonly publicAccessBlock: S3BucketPublicAccessBlock;
  readonly ownershipControls: S3BucketOwnershipControls;
  readonly lifecycleConfiguration: S3BucketLifecycleConfiguration;
  readonly policy: S3BucketPolicy;
  /** Only with `accessLogsBucketName`. */
  readonly accessLogs?: S3BucketLoggingA;

  readonly bucketName: string;
  readonly bucketArn: string;

  /** @throws ValidationError naming everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    this.check(props);

    this.resource = new S3Bucket(this, 'resource', {
      bucket: props.bucketName,
      forceDestroy: props.forceDestroy ?? false,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      lifecycle: { preventDestroy: props.preventDestroy ?? true },
    });
    const bucket = this.resource.id;
    this.bucketName = bucket;
    this.bucketArn = this.resource.arn;

    this.versioning = new S3BucketVersioningA(this, 'versioning', { bucket, versioningConfiguration: { status: 'Enabled' } });
    this.encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        props.kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: props.kmsKeyArn }, bucketKeyEnabled: true },
      ],
    });
    this.publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    });
    this.ownershipControls = new S3BucketOwnershipControls(this, 'ownership-controls', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    this.lifecycleConfiguration = new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [{
        id: 'noncurrent-versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{
          newerNoncurrentVersions: props.noncurrentVersionsToKeep ?? 50,
          noncurrentDays: props.noncurrentVersionExpirationDays ?? 90,
        }],
        // Every lock that is given back leaves a delete marker.
        expiration: [{ expiredObjectDeleteMarker: true }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      }],
      // A rule for former versions makes no sense, and is refused by some S3 implementations, before there are any.
      dependsOn: [this.versioning],
    });
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: bucketPolicy(this.bucketArn, props.kmsKeyArn !== undefined),
      // A policy and a public access block set at the same moment conflict in S3.
      dependsOn: [this.publicAccessBlock],
    });
    if (props.accessLogsBucketName !== undefined) {
      this.accessLogs = new S3BucketLoggingA(this, 'access-logs', {
        bucket,
        targetBucket: props.accessLogsBucketName,
        targetPrefix: props.accessLogsPrefix ?? `${props.bucketName}/`,
      });
    }
  }

  private check(props: StateBucketProps): void {
    const problems = new Problems(this);
    requireBucketName(problems, 'bucketName', props.bucketName);
    requireBucketName(problems, 'accessLogsBucketName', props.accessLogsBucketName);
    requireInteger(problems, 'noncurrentVersionsToKeep', props.noncurrentVersionsToKeep, { min: 1, max: 100 });
    requireInteger(problems, 'noncurrentVersionExpirationDays', props.noncurrentVersionExpirationDays, { min: 1, max: 3650, unit: 'days' });
    if (isResolved(props.kmsKeyArn)) {
      problems.check(
        /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(props.kmsKeyArn),
        `kmsKeyArn: "${props.kmsKeyArn}" is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>`,
      );
    }
    problems.check(
      props.accessLogsPrefix === undefined || props.accessLogsBucketName !== undefined,
      'accessLogsPrefix: does nothing without accessLogsBucketName; name a bucket or leave it out',
    );
    problems.check(
      !isResolved(props.bucketName) || props.accessLogsBucketName !== props.bucketName,
      `accessLogsBucketName: "${props.accessLogsBucketName}" is the state bucket itself, whose logs would log themselves; name another bucket`,
    );
    problems.check(
      props.forceDestroy !== true || props.preventDestroy === false,
      'forceDestroy: does nothing while preventDestroy is on; set preventDestroy to false as well, or leave it out',
    );
    problems.throwIfAny();
  }
}
