import type { CreateTransformJobRequest, DescribeTransformJobResponse } from '../api/request-shapes.generated';
import { properties, type Properties } from '../properties';
import { Step, type JobStepProps } from './step';

export interface TransformStepProps extends JobStepProps {
  /** The request of CreateTransformJob, without the name, which SageMaker Pipelines gives. */
  readonly arguments: CreateTransformJobRequest;
}

/** Runs a batch transform job. */
export class TransformStep extends Step {
  /** The fields of DescribeTransformJobResponse, as references. */
  readonly properties: Properties<DescribeTransformJobResponse>;

  constructor(
    name: string,
    private readonly props: TransformStepProps,
  ) {
    super(name, 'Transform', props);
    this.properties = properties<DescribeTransformJobResponse>(`Steps.${name}`);
  }

  protected body(): Record<string, unknown> {
    return { Arguments: this.props.arguments };
  }
}
