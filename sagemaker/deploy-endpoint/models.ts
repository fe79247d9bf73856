import { CreateModelCommand, DeleteModelCommand, DescribeModelCommand } from '@aws-sdk/client-sagemaker';
import type { modelRequest } from './plan';
import type { Run } from './run';
import { ignoreMissing, isExisting } from './sagemaker-errors';
import { readPackageTag } from './tags';

/** SageMaker's models, by name. */
export class Models {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Creates a model, unless an earlier run did: its name contains a hash of its content. */
  async create(request: ReturnType<typeof modelRequest>): Promise<void> {
    try {
      await this.#run.sagemaker.send(new CreateModelCommand(request));
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
  }

  /** ARN of the package that a model was created from; `undefined` where its tags do not say. */
  async packageOf(name: string): Promise<string | undefined> {
    const { ModelArn } = await this.#run.sagemaker.send(new DescribeModelCommand({ ModelName: name }));
    return readPackageTag(this.#run.sagemaker, ModelArn!);
  }

  /** Deletes a model, if it exists. */
  async remove(name: string): Promise<void> {
    await ignoreMissing(this.#run.sagemaker.send(new DeleteModelCommand({ ModelName: name })));
  }
}
