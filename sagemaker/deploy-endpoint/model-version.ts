import { DescribeModelPackageCommand, type DescribeModelPackageCommandOutput } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { DeployError } from './deploy-error';
import type { ModelVersion } from './plan';
import type { Run } from './run';
import { isMissing } from './sagemaker-errors';

/** A registered model and whether it may be deployed. */
export interface RegisteredModel {
  readonly approval: 'Approved' | 'PendingManualApproval' | 'Rejected';
  readonly version: number | undefined;
  readonly modelDataUrl: string | undefined;
  /** The image that it was registered with. */
  readonly image: string | undefined;
}

/** What the event says about the model, apart from its package. */
export interface GivenModel {
  /** Used where the package has none. */
  readonly modelDataUrl?: string;
  /** Used instead of the image that is deployed. */
  readonly imageUri?: string;
}

/** @throws DeployError when there is no such package. */
export async function registeredModel({ sagemaker }: Run, modelPackageArn: string): Promise<RegisteredModel> {
  let found: DescribeModelPackageCommandOutput;
  try {
    found = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }));
  } catch (error) {
    if (isMissing(error))
      throw new DeployError(
        `there is no model package ${modelPackageArn}; register the model first, or take another version of its group`,
        { cause: error },
      );
    throw error;
  }
  const container = found.InferenceSpecification?.Containers?.[0];
  return {
    approval: found.ModelApprovalStatus ?? 'Approved', // a package outside a group has none and needs none
    version: found.ModelPackageVersion,
    modelDataUrl: container?.ModelDataUrl,
    image: container?.Image,
  };
}

/** @throws DeployError when something that a model needs is not known. */
export async function deployableModel(
  run: Run,
  modelPackageArn: string,
  model: RegisteredModel,
  given: GivenModel,
): Promise<ModelVersion> {
  const modelDataUrl = model.modelDataUrl ?? given.modelDataUrl;
  if (modelDataUrl === undefined)
    throw new DeployError(
      `model package ${modelPackageArn} has no ModelDataUrl; register it with the model.tar.gz of its training`,
    );
  return {
    modelPackageArn,
    version: model.version,
    modelDataUrl,
    image: given.imageUri ?? (await servingImage(run, model)),
  };
}

/**
 * The image that is deployed; where none is known, the one that the model was registered with.
 * @throws DeployError when there is neither.
 */
export async function servingImage({ ssm, settings }: Run, model?: Pick<RegisteredModel, 'image'>): Promise<string> {
  const { imageParameterName, inferenceImageUri } = settings;
  if (imageParameterName !== undefined) {
    try {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: imageParameterName }));
      if (Parameter?.Value !== undefined && Parameter.Value !== '') return Parameter.Value;
    } catch (error) {
      if (!(error instanceof ParameterNotFound) && (error as Error).name !== 'ParameterNotFound') throw error;
    }
    if (inferenceImageUri === undefined) {
      throw new DeployError(
        `no image of the inference container is deployed yet: parameter ${imageParameterName} does not ` +
          'exist; push the image first (its pipeline writes the parameter), then run this again',
      );
    }
  }
  const image = inferenceImageUri ?? model?.image;
  if (image === undefined)
    throw new DeployError(
      'no image to serve with is known; set IMAGE_PARAMETER_NAME or INFERENCE_IMAGE_URI, or register the ' +
        'model with an image',
    );
  return image;
}
