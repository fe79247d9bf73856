import type { IamStatement } from './statement-rules';

/**
 * What a role needs to pull images from repositories of ECR; nothing where there are none. Logging in knows no
 * resource.
 *
 * @param sidPrefix in front of the statements' ids, `EcrLogin` and `PullImages`, where a policy has such already
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
