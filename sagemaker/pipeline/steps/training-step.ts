import type { CreateTrainingJobRequest, DescribeTrainingJobResponse } from '../api/request-shapes.generated';
import { properties, type Properties } from '../properties';
import { Step, type JobStepProps } from './step';

export interface TrainingStepProps extends JobStepProps {
  /** The request of CreateTrainingJob, without the name, which SageMaker Pipelines gives. */
  readonly arguments: CreateTrainingJobRequest;
}

/** Runs a training job. */
export class TrainingStep extends Step {
  /** The fields of DescribeTrainingJobResponse, as references. */
  readonly properties: Properties<DescribeTrainingJobResponse>;

  constructor(
    name: string,
    private readonly props: TrainingStepProps,
  ) {
    super(name, 'Training', props);
    this.properties = properties<DescribeTrainingJobResponse>(`Steps.${name}`);
  }

  protected body(): Record<string, unknown> {
    return { Arguments: this.props.arguments };
  }
}
