import type {
  ContainerDefinition,
  CreateModelInput,
  DeleteModelInput,
  DescribeModelInput,
  ListModelsInput,
} from '@aws-sdk/client-sagemaker';
import * as z from 'zod';
import { sagemakerArn } from '../account';
import { validationException } from '../aws-error';
import { modelDataUri } from '../hosting/model-data';
import type { LocalS3 } from '../local-s3';
import { now, type StateFile } from '../state';
import { findModelPackage } from './model-packages';
import { listPage, operation, resourceName, type Operations } from './operation';
import { tagNew } from './tags';

const arnOf = (name: string): string => sagemakerArn(`model/${name}`);

/** CreateModel, DescribeModel, DeleteModel, ListModels. */
export function modelOperations(file: StateFile, s3: LocalS3): Operations {
  const { models } = file.state;
  const named = { ModelName: resourceName };
  return {
    CreateModel: operation<CreateModelInput>(
      { ...named, ExecutionRoleArn: z.string().optional() },
      ({ Tags, ...input }) => {
        const { ModelName = '' } = input;
        const arn = arnOf(ModelName);
        if (models[ModelName] !== undefined)
          throw validationException(`Cannot create already existing model "${arn}".`);
        if (input.PrimaryContainer !== undefined && input.Containers !== undefined)
          throw validationException('PrimaryContainer and Containers cannot both be given; use one of them');
        if (input.PrimaryContainer === undefined && input.Containers === undefined)
          throw validationException('CreateModel needs PrimaryContainer or Containers');
        if ((input.Containers?.length ?? 1) !== 1)
          throw validationException(
            `${input.Containers?.length} containers: an inference pipeline cannot run here; give one container`,
          );
        const uri = modelDataUri(containerOf(file, input));
        if (uri !== undefined && !exists(s3, uri)) throw validationException(`Could not find model data at ${uri}.`);
        models[ModelName] = { input, CreationTime: now() };
        tagNew(file, arn, Tags);
        file.save();
        return { ModelArn: arn };
      },
    ),
    DescribeModel: operation<DescribeModelInput>(named, ({ ModelName = '' }) => {
      const model = models[ModelName];
      if (model === undefined) throw validationException(`Could not find model "${arnOf(ModelName)}".`);
      return {
        ...model.input,
        ModelArn: arnOf(ModelName),
        CreationTime: model.CreationTime,
        EnableNetworkIsolation: model.input.EnableNetworkIsolation ?? false,
      };
    }),
    DeleteModel: operation<DeleteModelInput>(named, ({ ModelName = '' }) => {
      if (models[ModelName] === undefined) throw validationException(`Could not find model "${arnOf(ModelName)}".`);
      delete models[ModelName];
      delete file.state.tags[arnOf(ModelName)];
      file.save();
      return {};
    }),
    ListModels: operation<ListModelsInput>({}, (input) => {
      const { page, NextToken } = listPage(
        Object.entries(models).map(([name, record]) => ({ ...record, name })),
        ({ name }) => name,
        input as object,
      );
      return {
        Models: page.map(({ name, CreationTime }) => ({ ModelName: name, ModelArn: arnOf(name), CreationTime })),
        NextToken,
      };
    }),
  };
}

/**
 * The container of a model. One that names a model package runs that package's image and data, with the model's own
 * variables over the package's.
 * @throws AwsError when it names neither an image nor a package that there is
 */
export function containerOf(
  file: StateFile,
  input: Pick<CreateModelInput, 'PrimaryContainer' | 'Containers'>,
): ContainerDefinition {
  const container = input.PrimaryContainer ?? input.Containers?.[0] ?? {};
  if (container.ModelPackageName !== undefined) {
    const { InferenceSpecification } = findModelPackage(file, container.ModelPackageName).input;
    const packaged = InferenceSpecification?.Containers?.[0];
    if (packaged === undefined)
      throw validationException(
        `Model package "${container.ModelPackageName}" has no inference specification; it cannot be deployed.`,
      );
    return { ...packaged, ...container, Environment: { ...packaged.Environment, ...container.Environment } };
  }
  if (container.Image === undefined)
    throw validationException('The container has no Image and no ModelPackageName; give one of them');
  return container;
}

function exists(s3: LocalS3, uri: string): boolean {
  try {
    return s3.exists(uri);
  } catch (error) {
    throw validationException((error as Error).message);
  }
}
