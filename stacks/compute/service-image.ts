import { conditional } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '@strata/aws-account';
import type { DeployedImages } from '@strata/deployed-image';
import type { ServiceConfig } from './service-config';

/** Tag of the image a service is made with before its pipeline has deployed one. It does not exist: see docs/adr/0006-before-the-first-image.md. */
const NOT_YET_DEPLOYED = 'not-yet-deployed';

/** Which image a service runs, and which repository it comes from. */
export class ServiceImage {
  readonly repositoryName: string;
  readonly repositoryArn: string;
  /** The image that was deployed last; before that `initialImage`, or a tag that does not exist yet. */
  readonly uri: string;
  /** SSM parameter that holds the image that was deployed last. */
  readonly parameterName: string;
  private readonly waits: (text: string) => string;

  constructor(scope: Construct, service: string, config: Pick<ServiceConfig, 'repository' | 'initialImage'>, images: DeployedImages) {
    const { accountId, partition, region } = AwsAccount.of(scope);
    const repository = config.repository ?? service;
    const [, , , arnRegion = region, arnAccount = accountId, resource = `repository/${repository}`] = repository.startsWith('arn:') ? repository.split(':') : [];
    this.repositoryName = resource.replace(/^repository\//, '');
    this.repositoryArn = `arn:${partition}:ecr:${arnRegion}:${arnAccount}:${resource}`;
    this.uri = images.imageFor(service, config.initialImage ?? `${arnAccount}.dkr.ecr.${arnRegion}.amazonaws.com/${this.repositoryName}:${NOT_YET_DEPLOYED}`);
    this.parameterName = images.parameterName(service);
    this.waits = (text) => (config.initialImage === undefined ? `${conditional(images.isDeployed(service), '', text)}` : '');
  }

  /** `text` while the service waits for its first image, empty afterwards. */
  waitsFor(text: string): string {
    return this.waits(text);
  }
}
