import { terraformJson } from '@strata/core';

/** Who may assume a role. */
export interface TrustedService {
  /** Service principal, such as `sagemaker.amazonaws.com`. */
  readonly service: string;
  /**
   * Account that the service must act for (`aws:SourceAccount`), to prevent the confused deputy problem.
   * @default any: for a service that does not send it, such as Lambda
   */
  readonly sourceAccount?: string;
  /** ARN, may contain `*`, of the resource that the service must act for (`aws:SourceArn`). @default any */
  readonly sourceArn?: string;
  /** What the service may do besides `sts:AssumeRole`, such as `sts:SetSourceIdentity`. @default nothing */
  readonly trustActions?: readonly string[];
}

/**
 * The trust policy of a role that one AWS service assumes.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function serviceTrustPolicy({ service, sourceAccount, sourceArn, trustActions = [] }: TrustedService): string {
  return terraformJson({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: trustActions.length === 0 ? 'sts:AssumeRole' : ['sts:AssumeRole', ...trustActions],
        Condition:
          sourceAccount === undefined && sourceArn === undefined
            ? undefined
            : {
                StringEquals: sourceAccount === undefined ? undefined : { 'aws:SourceAccount': sourceAccount },
                ArnLike: sourceArn === undefined ? undefined : { 'aws:SourceArn': sourceArn },
              },
      },
    ],
  });
}
