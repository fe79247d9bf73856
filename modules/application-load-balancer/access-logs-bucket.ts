import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { AwsAccount } from '@strata/aws-account';
import { isResolved, Problems, requireInteger } from '@strata/validation';
import { Construct } from 'constructs';

export interface AccessLogsBucketProps {
  /** Start of the bucket's name, at most 37 characters; AWS's requirement of a globally unique name is met by the random rest. */
  readonly bucketNamePrefix: string;
  /** Key prefix the load balancers write below. @default none: the bucket's root */
  readonly prefix?: string;
  /** Days a log is kept, 1 to 3650. @default 90 */
  readonly expirationDays?: number;
  /** Whether destroying the bucket also destroys the logs in it. @default false: Terraform refuses while there are any */
  readonly forceDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A bucket that Elastic Load Balancing can deliver access logs to. This resource is stateful.
 *
 * Encrypted by S3's own keys, as Elastic Load Balancing supports no other; never public; TLS only; old logs expire.
 */
export class AccessLogsBucket extends Construct {
  readonly resource: S3Bucket;
  readonly encryption: S3BucketServerSideEncryptionConfigurationA;
  readonly publicAccessBlock: S3BucketPublicAccessBlock;
  readonly ownershipControls: S3BucketOwnershipControls;
  readonly lifecycleConfiguration: S3BucketLifecycleConfiguration;
  /** A load balancer with access logs depends on it: AWS tries a delivery when they are switched on. */
  readonly policy: S3BucketPolicy;

  /** @throws ValidationError when the prefix of the name, the key prefix or the days cannot be used. */
  constructor(scope: Construct, id: string, props: AccessLogsBucketProps) {
    super(scope, id);
    const problems = new Problems(this);
    requireAccessLogsPrefix(problems, 'prefix', props.prefix);
    requireInteger(problems, 'expirationDays', props.expirationDays, { min: 1, max: 3650, unit: 'days' });
    if (isResolved(props.bucketNamePrefix)) {
      problems.check(
        /^[a-z0-9][a-z0-9-]{0,36}$/.test(props.bucketNamePrefix),
        `bucketNamePrefix: "${props.bucketNamePrefix}" cannot start a bucket name; use 1 to 37 lower-case letters, digits and hyphens, starting with no hyphen`,
      );
    }
    problems.throwIfAny();

    const { accountId, region, partition } = AwsAccount.of(this);
    this.resource = new S3Bucket(this, 'resource', {
      bucketPrefix: props.bucketNamePrefix,
      forceDestroy: props.forceDestroy ?? false,
      tags: props.tags,
    });
    const bucket = this.resource.id;
    this.encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    this.publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    });
    this.ownershipControls = new S3BucketOwnershipControls(this, 'ownership-controls', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    this.lifecycleConfiguration = new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [{
        id: 'expire',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        expiration: [{ days: props.expirationDays ?? 90 }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      }],
    });

    const below = props.prefix !== undefined ? `${props.prefix}/` : '';
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'DeliverAccessLogs',
            Effect: 'Allow',
            Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `${this.resource.arn}/${below}AWSLogs/${accountId}/*`,
            Condition: { ArnLike: { 'aws:SourceArn': `arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` } },
          },
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [this.resource.arn, `${this.resource.arn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
      // A policy and a public access block set at the same moment conflict in S3.
      dependsOn: [this.publicAccessBlock],
    });
  }

  get bucketName(): string {
    return this.resource.id;
  }
}

/** Checks a key prefix of access logs: `ModifyLoadBalancerAttributes`, attribute `access_logs.s3.prefix`. */
export function requireAccessLogsPrefix(problems: Problems, key: string, prefix: string | undefined): void {
  if (!isResolved(prefix)) return;
  problems.check(
    prefix.length > 0 && !prefix.startsWith('/') && !prefix.endsWith('/') && !prefix.includes('AWSLogs'),
    `${key}: "${prefix}" is not a prefix of access logs; use a path without a slash at either end and without AWSLogs, or leave it out`,
  );
}
