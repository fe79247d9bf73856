import type { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '@strata/core';
import type { DeployedImages } from './deployed-images';

/**
 * Tag of the image a service is made with before its pipeline has deployed one. It does not exist: see
 * docs/adr/0006-before-the-first-image.md.
 */
const NOT_YET_DEPLOYED = 'not-yet-deployed';

/** Where a service's images come from. */
export interface ServiceImageOptions {
  /** ECR repository, by name or, in another account, by ARN. @default the service's name */
  readonly repository?: string;
  /** Image URI to run until a pipeline has deployed one. @default none: the service waits for its first image */
  readonly initialImage?: string;
}

/** Which image a service runs, and which repository it comes from. */
export class ServiceImage {
  readonly repositoryName: string;
  readonly repositoryArn: string;
  /** The last deployed image; before the first deployment `initialImage`, or a tag that does not exist yet. */
  readonly uri: string;
  /** SSM parameter with the last deployed image. */
  readonly parameterName: string;
  private readonly startsWithImage: boolean;

  constructor(
    scope: Construct,
    service: string,
    config: ServiceImageOptions,
    private readonly images: DeployedImages,
  ) {
    const { accountId, dnsSuffix, partition, region } = AwsAccount.of(scope);
    const repository = config.repository ?? service;
    const [, , , arnRegion = region, arnAccount = accountId, resource = `repository/${repository}`] =
      repository.startsWith('arn:') ? repository.split(':') : [];
    this.repositoryName = resource.replace(/^repository\//, '');
    this.repositoryArn = `arn:${partition}:ecr:${arnRegion}:${arnAccount}:${resource}`;
    this.uri = images.imageFor(
      service,
      config.initialImage ??
        `${arnAccount}.dkr.ecr.${arnRegion}.${dnsSuffix}/${this.repositoryName}:${NOT_YET_DEPLOYED}`,
    );
    this.parameterName = images.parameterName(service);
    this.startsWithImage = config.initialImage !== undefined;
  }

  /**
   * Makes Terraform report, after each plan and apply, that the service waits for its first image and what to do. A
   * check and not an output: an output would differ after the first deploy of a pipeline, and the plan after it would
   * not be empty.
   */
  noteMissingImage(stack: TerraformStack, service: string): void {
    if (this.startsWithImage) return;
    stack.addOverride(`check.${service}_has_an_image`, {
      assert: [
        {
          condition: this.images.isDeployed(service),
          error_message:
            `${service} has no image yet and runs no task. Next: push an image to the repository ` +
            `${this.repositoryName} and let its pipeline deploy it.`,
        },
      ],
    });
  }
}
