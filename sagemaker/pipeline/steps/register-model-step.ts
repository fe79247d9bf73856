import type { CreateModelPackageInput, DescribeModelPackageOutput } from '../api/request-shapes.generated';
import { properties, type Properties } from '../properties';
import { Step, type JobStepProps } from './step';

export interface RegisterModelStepProps extends Omit<JobStepProps, 'cacheConfig'> {
  /** The request of CreateModelPackage, without the name, which SageMaker Pipelines gives. */
  readonly arguments: CreateModelPackageInput;
}

/** Registers a version of a model in a model package group. */
export class RegisterModelStep extends Step {
  /** The fields of DescribeModelPackageOutput, as references. */
  readonly properties: Properties<DescribeModelPackageOutput>;

  constructor(
    name: string,
    private readonly props: RegisterModelStepProps,
  ) {
    super(name, 'RegisterModel', props);
    this.properties = properties<DescribeModelPackageOutput>(`Steps.${name}`);
  }

  protected body(): Record<string, unknown> {
    return { Arguments: this.props.arguments };
  }
}
