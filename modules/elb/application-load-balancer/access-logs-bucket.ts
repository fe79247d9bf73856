import { AwsAccount, isResolved, Problems } from '@strata/core';
import {
  PrivateBucket,
  checkPrivateBucketProps,
  type BucketPolicyStatement,
  type PrivateBucketProps,
} from '@strata/s3';
import { Construct } from 'constructs';
import { isAccessLogsPrefix } from './load-balancer-options';

export interface AccessLogsBucketProps {
  /** Prefix of the bucket's name, at most 37 characters; a random suffix makes the name globally unique. */
  readonly bucketNamePrefix: string;
  /** Key prefix under which the load balancers write. @default none: the bucket's root */
  readonly prefix?: string;
  /** Days a log is kept, 1 to 3650. @default 90 */
  readonly expirationDays?: number;
  /**
   * Whether destroying the bucket also destroys the logs in it.
   * @default false: Terraform refuses while there are any
   */
  readonly forceDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A bucket that Elastic Load Balancing can deliver access logs to. This resource is stateful.
 *
 * Encrypted with S3 managed keys (SSE-S3), the only kind that Elastic Load Balancing supports; never public; TLS only;
 * old logs expire.
 */
export class AccessLogsBucket extends Construct {
  /**
   * Contains every resource. A load balancer with access logs depends on its policy: AWS tests delivery when they are
   * turned on.
   */
  readonly bucket: PrivateBucket;
  readonly bucketName: string;
  readonly bucketArn: string;

  /** @throws ValidationError when the prefix of the name, the key prefix or the days cannot be used. */
  constructor(scope: Construct, id: string, props: AccessLogsBucketProps) {
    super(scope, id);
    const bucketProps: PrivateBucketProps = {
      bucketNamePrefix: props.bucketNamePrefix,
      expirationDays: props.expirationDays ?? 90,
      forceDestroy: props.forceDestroy,
      tags: props.tags,
      policyStatements: (bucketArn) => [this.deliver(bucketArn, props.prefix)],
    };
    const problems = new Problems(this);
    checkAccessLogsPrefix(problems, 'prefix', props.prefix);
    checkPrivateBucketProps(problems, bucketProps);
    problems.throwIfAny();

    // This id keeps the resources' addresses as if they were created here.
    this.bucket = new PrivateBucket(this, 'Default', bucketProps);
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
  }

  /** Lets the load balancers of this account and region write under the prefix. */
  private deliver(bucketArn: string, prefix: string | undefined): BucketPolicyStatement {
    const { accountId, region, partition } = AwsAccount.of(this);
    const below = prefix !== undefined ? `${prefix}/` : '';
    return {
      Sid: 'DeliverAccessLogs',
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `${bucketArn}/${below}AWSLogs/${accountId}/*`,
      Condition: {
        ArnLike: { 'aws:SourceArn': `arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` },
      },
    };
  }
}

/** Checks a key prefix of access logs: `ModifyLoadBalancerAttributes`, attribute `access_logs.s3.prefix`. */
export function checkAccessLogsPrefix(problems: Problems, key: string, prefix: string | undefined): void {
  if (!isResolved(prefix)) return;
  problems.check(
    isAccessLogsPrefix(prefix),
    `${key}: "${prefix}" is not a prefix of access logs; use a path without a slash at either end and ` +
      'without AWSLogs, or leave it out',
  );
}
