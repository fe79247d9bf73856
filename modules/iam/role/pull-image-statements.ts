import type { IamStatement } from './statement-rules';

/**
 * Permissions that a role needs to pull images from ECR repositories; none if there are none.
 * `ecr:GetAuthorizationToken` has no resource-level permissions.
 *
 * @param sidPrefix prefix of the statement ids `EcrLogin` and `PullImages`, if a policy has these already
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
export function pullImageStatements(repositoryArns: readonly string[], sidPrefix = ''): IamStatement[] {
  if (repositoryArns.length === 0) return [];
  return [
    { sid: `${sidPrefix}EcrLogin`, actions: ['ecr:GetAuthorizationToken'], resources: ['*'], allowAllResources: true },
    {
      sid: `${sidPrefix}PullImages`,
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      resources: repositoryArns,
    },
  ];
}
