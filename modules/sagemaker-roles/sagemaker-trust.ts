import type { TrustedService } from '@strata/iam-role';
import type { Account } from './container-statements';

/** SageMaker, for what is in this account and region only. @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html */
export function sagemakerTrust({ accountId, region, partition }: Account): TrustedService {
  return { service: 'sagemaker.amazonaws.com', sourceAccount: accountId, sourceArn: `arn:${partition}:sagemaker:${region}:${accountId}:*` };
}
