import type { CreateModelInput, DescribeModelOutput } from '../api/request-shapes.generated';
import { properties, type Properties } from '../properties';
import { Step, type JobStepProps } from './step';

export interface ModelStepProps extends Omit<JobStepProps, 'cacheConfig'> {
  /** The request of CreateModel, without the name, which SageMaker Pipelines gives. */
  readonly arguments: CreateModelInput;
}

/** Creates a model. */
export class ModelStep extends Step {
  /** The fields of DescribeModelOutput, as references. */
  readonly properties: Properties<DescribeModelOutput>;

  constructor(
    name: string,
    private readonly props: ModelStepProps,
  ) {
    super(name, 'Model', props);
    this.properties = properties<DescribeModelOutput>(`Steps.${name}`);
  }

  protected body(): Record<string, unknown> {
    return { Arguments: this.props.arguments };
  }
}
