import { ExecutionError } from './execution-error';
import { resolveValue, type Plain, type Scope } from './values';

interface ConditionShape {
  readonly Type: string;
  readonly LeftValue?: unknown;
  readonly RightValue?: unknown;
  readonly QueryValue?: unknown;
  readonly Values?: readonly unknown[];
  readonly Condition?: ConditionShape;
  readonly Conditions?: readonly ConditionShape[];
}

export interface Verdict {
  readonly holds: boolean;
  /** The condition with its values, such as `0.97 >= 0.9`. */
  readonly text: string;
}

const COMPARISONS: Readonly<Record<string, { readonly sign: string; readonly holds: (order: number) => boolean }>> = {
  Equals: { sign: '=', holds: (order) => order === 0 },
  GreaterThan: { sign: '>', holds: (order) => order > 0 },
  GreaterThanOrEqualTo: { sign: '>=', holds: (order) => order >= 0 },
  LessThan: { sign: '<', holds: (order) => order < 0 },
  LessThanOrEqualTo: { sign: '<=', holds: (order) => order <= 0 },
};

/**
 * Decides whether all conditions of a condition step hold.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html#step-type-condition
 */
export function decide(conditions: readonly unknown[], scope: Scope): Verdict {
  const verdicts = conditions.map((condition) => decideOne(condition as ConditionShape, scope));
  return { holds: verdicts.every(({ holds }) => holds), text: verdicts.map(({ text }) => text).join(' and ') };
}

function decideOne(condition: ConditionShape, scope: Scope): Verdict {
  const comparison = COMPARISONS[condition.Type];
  if (comparison !== undefined) {
    const [left, right] = [resolveValue(condition.LeftValue, scope), resolveValue(condition.RightValue, scope)];
    return { holds: comparison.holds(compare(left, right)), text: `${show(left)} ${comparison.sign} ${show(right)}` };
  }
  if (condition.Type === 'In') {
    const value = resolveValue(condition.QueryValue, scope);
    const values = (condition.Values ?? []).map((entry) => resolveValue(entry, scope));
    return { holds: values.includes(value), text: `${show(value)} in ${values.map(show).join(', ')}` };
  }
  if (condition.Type === 'Not') {
    const { holds, text } = decideOne(condition.Condition!, scope);
    return { holds: !holds, text: `not (${text})` };
  }
  if (condition.Type === 'Or') {
    const verdicts = (condition.Conditions ?? []).map((inner) => decideOne(inner, scope));
    return { holds: verdicts.some(({ holds }) => holds), text: `(${verdicts.map(({ text }) => text).join(' or ')})` };
  }
  throw new ExecutionError(
    `"${condition.Type}" is not a type of condition; use ${[...Object.keys(COMPARISONS), 'In', 'Not', 'Or'].join(', ')}`,
  );
}

function compare(left: Plain, right: Plain): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  throw new ExecutionError(
    `${show(left)} and ${show(right)} cannot be compared: one is of type ${typeof left}, the other of type ` +
      `${typeof right}`,
  );
}

function show(value: Plain): string {
  return JSON.stringify(value);
}
