import { get, type Primitive, type Reference, type Value } from '../expressions';
import type { ParameterType } from '../parameters';
import { Step, type JobStepProps } from './step';

type TypeOf<T extends ParameterType> = T extends 'String' ? string : T extends 'Boolean' ? boolean : number;

/** What a Lambda function is given: text, numbers, references, or objects and lists of them. */
export type LambdaInput = Value<Primitive> | readonly LambdaInput[] | { readonly [key: string]: LambdaInput };

export interface LambdaStepProps<
  Outputs extends Readonly<Record<string, ParameterType>> = Record<never, ParameterType>,
> extends Omit<JobStepProps, 'retryPolicies'> {
  /**
   * ARN of the function. It must answer within 10 minutes.
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html
   */
  readonly functionArn: Value<string>;
  /** The event that the function gets. @default {} */
  readonly inputs?: Readonly<Record<string, LambdaInput>>;
  /** Keys of the function's answer that later steps read, with their types. @default none */
  readonly outputs?: Outputs;
}

/** Invokes a Lambda function and waits for its answer. */
export class LambdaStep<
  Outputs extends Readonly<Record<string, ParameterType>> = Record<never, ParameterType>,
> extends Step {
  constructor(
    name: string,
    private readonly props: LambdaStepProps<Outputs>,
  ) {
    super(name, 'Lambda', props);
  }

  /** The function's answer, by key. */
  output<Name extends keyof Outputs & string>(name: Name): Reference<TypeOf<Outputs[Name]>> {
    return get(`Steps.${this.name}.OutputParameters['${name}']`);
  }

  protected body(): Record<string, unknown> {
    return {
      FunctionArn: this.props.functionArn,
      Arguments: this.props.inputs ?? {},
      OutputParameters: Object.entries(this.props.outputs ?? {}).map(([name, type]) => ({
        OutputName: name,
        OutputType: type,
      })),
    };
  }
}
