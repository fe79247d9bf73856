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
  /**
   * Start of the bucket's name, at most 37 characters; AWS's requirement of a globally unique name is met by the random
   * rest.
   */
  readonly bucketNamePrefix: string;
  /** Key prefix the load balancers write below. @default none: the bucket's root */
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
 * Encrypted by S3's own keys, as Elastic Load Balancing supports no other; never public; TLS only; old logs expire.
 */
export class AccessLogsBucket extends Construct {
  /**
   * Holds every resource. A load balancer with access logs depends on its policy: AWS tries a delivery when they are
   * switched on.
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

    // This id leaves the resources' addresses as if they were made here.
    this.bucket = new PrivateBucket(this, 'Default', bucketProps);
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
  }

  /** Lets the load balancers of this account and region write below the prefix. */
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
