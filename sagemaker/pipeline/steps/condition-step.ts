import type { Condition } from '../conditions';
import { get, type Reference } from '../expressions';
import { Step, type StepProps } from './step';

export interface ConditionStepProps extends StepProps {
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
  /**
   * Steps that run when they are true. A step belongs in a branch or in the pipeline's steps, not in both. A condition
   * step cannot be in a branch.
   * @default nothing
   */
  readonly ifSteps?: readonly Step[];
  /** What runs when one does not hold. @default nothing */
  readonly elseSteps?: readonly Step[];
}

/** Decides which of two branches runs. */
export class ConditionStep extends Step {
  /** `true` or `false`, as text. */
  readonly outcome: Reference<string>;

  constructor(
    name: string,
    private readonly props: ConditionStepProps,
  ) {
    super(name, 'Condition', props);
    this.outcome = get(`Steps.${name}.Outcome`);
  }

  protected body(): Record<string, unknown> {
    return {
      Arguments: {
        Conditions: this.props.conditions,
        IfSteps: (this.props.ifSteps ?? []).map((step) => step.entry()),
        ElseSteps: (this.props.elseSteps ?? []).map((step) => step.entry()),
      },
    };
  }
}
