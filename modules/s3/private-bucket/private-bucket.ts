import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketCorsConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-cors-configuration';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Problems } from '@strata/core';
import { Construct } from 'constructs';
import { bucketPolicy } from './bucket-policy';
import { lifecycleRule, prefixRules } from './lifecycle-rule';
import type { PrivateBucketProps } from './private-bucket-props';
import { checkPrivateBucketProps } from './check-private-bucket-props';

/**
 * An S3 bucket that is never public. This resource is stateful.
 *
 * Encrypted, TLS only; the bucket owner owns every object; incomplete uploads are removed.
 */
export class PrivateBucket extends Construct {
  readonly resource: S3Bucket;
  /** Only with `versioning`. */
  readonly versioning?: S3BucketVersioningA;
  readonly encryption: S3BucketServerSideEncryptionConfigurationA;
  readonly publicAccessBlock: S3BucketPublicAccessBlock;
  readonly ownershipControls: S3BucketOwnershipControls;
  readonly lifecycleConfiguration: S3BucketLifecycleConfiguration;
  /** Resources that need `policyStatements` should depend on it. */
  readonly policy: S3BucketPolicy;
  /** Only with `cors`. */
  readonly cors?: S3BucketCorsConfiguration;
  /** Only with `accessLogsBucketName`. */
  readonly accessLogs?: S3BucketLoggingA;

  readonly bucketName: string;
  readonly bucketArn: string;

  /** @throws ValidationError naming every invalid prop. */
  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkPrivateBucketProps(problems, props);
    problems.throwIfAny();

    this.resource = new S3Bucket(this, 'resource', {
      bucket: props.bucketName,
      bucketPrefix: props.bucketNamePrefix,
      forceDestroy: props.forceDestroy ?? false,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      lifecycle: props.preventDestroy === undefined ? undefined : { preventDestroy: props.preventDestroy },
    });
    const bucket = this.resource.id;
    this.bucketName = bucket;
    this.bucketArn = this.resource.arn;

    if (props.versioning ?? false) {
      this.versioning = new S3BucketVersioningA(this, 'versioning', {
        bucket,
        versioningConfiguration: { status: 'Enabled' },
      });
    }
    this.encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        props.kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: props.kmsKeyArn },
              bucketKeyEnabled: true,
            },
      ],
    });
    this.publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    this.ownershipControls = new S3BucketOwnershipControls(this, 'ownership-controls', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    this.lifecycleConfiguration = new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [lifecycleRule(props), ...prefixRules(props)],
      // A rule for noncurrent versions needs versioning first; some S3 implementations reject it otherwise.
      dependsOn: this.versioning && [this.versioning],
    });
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: bucketPolicy(this, {
        bucketArn: this.bucketArn,
        minimumTlsVersion: props.minimumTlsVersion,
        kmsOnly: props.kmsKeyArn !== undefined,
        statements: props.policyStatements?.(this.bucketArn) ?? [],
      }),
      // Setting a policy and a public access block at the same time conflicts in S3.
      dependsOn: [this.publicAccessBlock],
    });
    if (props.cors !== undefined) {
      this.cors = new S3BucketCorsConfiguration(this, 'cors', {
        bucket,
        corsRule: [
          {
            allowedOrigins: [...props.cors.origins],
            allowedMethods: [...props.cors.methods],
            allowedHeaders: [...(props.cors.headers ?? ['*'])],
            maxAgeSeconds: 600,
          },
        ],
      });
    }
    if (props.accessLogsBucketName !== undefined) {
      this.accessLogs = new S3BucketLoggingA(this, 'access-logs', {
        bucket,
        targetBucket: props.accessLogsBucketName,
        targetPrefix: props.accessLogsPrefix ?? `${props.bucketName ?? bucket}/`,
      });
    }
  }
}
