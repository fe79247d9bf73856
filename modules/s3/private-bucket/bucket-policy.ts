import { Problems } from '@strata/core';
import type { IConstruct } from 'constructs';

/** The oldest TLS version a request may use. */
export type MinimumTlsVersion = '1.2' | '1.3';

/**
 * A statement of a bucket policy, in IAM policy syntax.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface BucketPolicyStatement {
  /**
   * Unique in the policy; `TlsOnly`, `Tls12OrNewer`, `Tls13OrNewer` and `KmsOnly` are reserved for the bucket.
   * @default none
   */
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  /** @default none: always */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface BucketPolicy {
  readonly bucketArn: string;
  readonly minimumTlsVersion?: MinimumTlsVersion;
  /** Whether writes with an encryption other than KMS are denied. */
  readonly kmsOnly: boolean;
  /** Placed before the bucket's own statements. */
  readonly statements: readonly BucketPolicyStatement[];
}

/**
 * The bucket policy. The bucket's own statements only deny; permissions are granted in IAM.
 * @throws ValidationError when two statements have the same Sid, which S3 rejects.
 */
export function bucketPolicy(
  scope: IConstruct,
  { bucketArn, minimumTlsVersion, kmsOnly, statements }: BucketPolicy,
): string {
  const everything = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
  } as const;
  const all: BucketPolicyStatement[] = [
    ...statements,
    { Sid: 'TlsOnly', ...everything, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ];
  if (minimumTlsVersion !== undefined) {
    const sid = `Tls${minimumTlsVersion.replace('.', '')}OrNewer`;
    all.push({ Sid: sid, ...everything, Condition: { NumericLessThan: { 's3:TlsVersion': minimumTlsVersion } } });
  }
  if (kmsOnly) {
    all.push({
      Sid: 'KmsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${bucketArn}/*`,
      // A request without an encryption header gets the bucket's default, which is KMS.
      Condition: {
        StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
        Null: { 's3:x-amz-server-side-encryption': 'false' },
      },
    });
  }
  requireDistinctSids(scope, all);
  return JSON.stringify({ Version: '2012-10-17', Statement: all });
}

function requireDistinctSids(scope: IConstruct, statements: readonly BucketPolicyStatement[]): void {
  const problems = new Problems(scope);
  const sids = statements.map(({ Sid }) => Sid).filter((sid) => sid !== undefined);
  for (const sid of new Set(sids.filter((sid, i) => sids.indexOf(sid) !== i))) {
    problems.add(
      `policyStatements: Sid "${sid}" is used twice in the bucket policy; give each statement its own Sid, ` +
        `other than the bucket's ` +
        'TlsOnly, Tls12OrNewer, Tls13OrNewer and KmsOnly',
    );
  }
  problems.throwIfAny();
}
