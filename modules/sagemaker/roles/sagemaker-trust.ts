import type { TrustedService } from '@strata/iam';
import type { Account } from './container-statements';

/**
 * SageMaker, for what is in this account and region only. `sts:SetSourceIdentity`: where a Studio domain passes the
 * name of the profile on, jobs that are started in Studio fail without it.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
 */
export function sagemakerTrust({ accountId, region, partition }: Account): TrustedService {
  return {
    service: 'sagemaker.amazonaws.com',
    sourceAccount: accountId,
    sourceArn: `arn:${partition}:sagemaker:${region}:${accountId}:*`,
    trustActions: ['sts:SetSourceIdentity'],
  };
}
