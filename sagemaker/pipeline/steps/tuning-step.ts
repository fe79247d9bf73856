import type {
  CreateHyperParameterTuningJobRequest,
  DescribeHyperParameterTuningJobResponse,
} from '../api/request-shapes.generated';
import { properties, type Properties } from '../properties';
import { Step, type JobStepProps } from './step';

export interface TuningStepProps extends JobStepProps {
  /** The request of CreateHyperParameterTuningJob, without the name, which SageMaker Pipelines gives. */
  readonly arguments: CreateHyperParameterTuningJobRequest;
}

/** Runs a hyperparameter tuning job. */
export class TuningStep extends Step {
  /** The fields of DescribeHyperParameterTuningJobResponse, as references. */
  readonly properties: Properties<DescribeHyperParameterTuningJobResponse>;

  constructor(
    name: string,
    private readonly props: TuningStepProps,
  ) {
    super(name, 'Tuning', props);
    this.properties = properties<DescribeHyperParameterTuningJobResponse>(`Steps.${name}`);
  }

  protected body(): Record<string, unknown> {
    return { Arguments: this.props.arguments };
  }
}
