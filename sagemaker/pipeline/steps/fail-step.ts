import type { Value } from '../expressions';
import { Step, type StepProps } from './step';

export interface FailStepProps extends StepProps {
  /** Shown as the reason why the execution failed; at most 3072 characters. */
  readonly errorMessage: Value<string>;
}

/** Ends the execution as failed. Nothing can depend on it. */
export class FailStep extends Step {
  constructor(
    name: string,
    private readonly props: FailStepProps,
  ) {
    super(name, 'Fail', props);
  }

  protected body(): Record<string, unknown> {
    return { Arguments: { ErrorMessage: this.props.errorMessage } };
  }
}
