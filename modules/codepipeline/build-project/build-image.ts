// The image a build runs in: one of CodeBuild's or a custom one.
import { pullImageStatements, type IamStatement } from '@strata/iam';
import { isResolved } from '@strata/core';

const ECR_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

/**
 * Whether CodeBuild provides the image, such as `aws/codebuild/amazonlinux-x86_64-standard:5.0`: only these images
 * select runtimes by version.
 */
export function isCodeBuildImage(image: string | undefined): boolean {
  return image === undefined || image.startsWith('aws/codebuild/');
}

/** Permissions that a build's role needs to pull its image from ECR. The repository may be in another account. */
export function pullStatements(image: string | undefined, partition: string): IamStatement[] {
  const [, account, region, repository] = (image !== undefined && isResolved(image) && ECR_IMAGE.exec(image)) || [];
  if (repository === undefined) return [];
  return pullImageStatements([`arn:${partition}:ecr:${region}:${account}:repository/${repository}`], 'BuildImage');
}
