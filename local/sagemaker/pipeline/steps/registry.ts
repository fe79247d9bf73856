import {
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  type CreateModelInput,
  type CreateModelPackageInput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { StepFailure } from '../execution-error';
import { jobName, type StepContext } from '../step-context';
import type { Plain, StepResult } from '../values';

/** Registers a model in the local registry. Like SageMaker Pipelines, it creates a missing group. */
export async function registerModel(context: StepContext): Promise<StepResult> {
  const client = await context.sagemaker();
  const request = context.arguments as unknown as CreateModelPackageInput;
  return asStepFailure(context, async () => {
    if (request.ModelPackageGroupName !== undefined) await requireGroup(client, request.ModelPackageGroupName);
    const { ModelPackageArn } = await client.send(new CreateModelPackageCommand(request));
    return properties(await client.send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn })));
  });
}

/** Creates a model in the local SageMaker, under a generated name. */
export async function createModel(context: StepContext): Promise<StepResult> {
  const client = await context.sagemaker();
  const ModelName = jobName(context);
  return asStepFailure(context, async () => {
    await client.send(new CreateModelCommand({ ...(context.arguments as unknown as CreateModelInput), ModelName }));
    return properties(await client.send(new DescribeModelCommand({ ModelName })));
  });
}

async function requireGroup(client: SageMakerClient, ModelPackageGroupName: string): Promise<void> {
  try {
    await client.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName }));
  } catch (error) {
    if ((error as Error).name !== 'ValidationException') throw error;
    await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName }));
  }
}

function properties(answer: object): StepResult {
  const { $metadata: _metadata, ...rest } = answer as { readonly $metadata?: unknown };
  return {
    properties: JSON.parse(JSON.stringify(rest)) as { readonly [key: string]: Plain },
    propertyFiles: new Map(),
  };
}

async function asStepFailure(context: StepContext, work: () => Promise<StepResult>): Promise<StepResult> {
  try {
    return await work();
  } catch (error) {
    throw new StepFailure(
      context.step.Name,
      `step "${context.step.Name}": ${(error as Error).name}: ${(error as Error).message}`,
    );
  }
}
