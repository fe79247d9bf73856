import { ListTagsCommand, type SageMakerClient, type Tag } from '@aws-sdk/client-sagemaker';
import type { Settings } from './settings';

/** Tag with the ARN of the model package that a configuration or model was created from. */
export const PACKAGE_TAG = 'model-package';

/** Tags of everything that this function creates. */
export function tags(settings: Settings, modelPackageArn: string | undefined): Tag[] {
  return Object.entries({
    ...settings.tags,
    endpoint: settings.endpointName,
    ...(modelPackageArn === undefined ? {} : { [PACKAGE_TAG]: modelPackageArn }),
  }).map(([Key, Value]) => ({ Key, Value }));
}

/** ARN of the model package that a configuration or model was created from; `undefined` where it has no such tag. */
export async function readPackageTag(sagemaker: SageMakerClient, resourceArn: string): Promise<string | undefined> {
  const { Tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: resourceArn }));
  return Tags.find(({ Key }) => Key === PACKAGE_TAG)?.Value;
}
