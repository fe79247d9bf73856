import type { Primitive, Reference, Value } from './expressions';

/** A condition of a condition step, as it is written in the definition. */
export type Condition =
  | { readonly Type: ComparisonType; readonly LeftValue: Value<Primitive>; readonly RightValue: Value<Primitive> }
  | { readonly Type: 'In'; readonly QueryValue: Value<Primitive>; readonly Values: readonly Value<Primitive>[] }
  | { readonly Type: 'Not'; readonly Condition: Condition }
  | { readonly Type: 'Or'; readonly Conditions: readonly Condition[] };

export type ComparisonType = 'Equals' | 'GreaterThan' | 'GreaterThanOrEqualTo' | 'LessThan' | 'LessThanOrEqualTo';

/** The type that a value is compared as: a reference's, or a literal's wider one. */
type Widened<T extends Primitive> = T extends string ? string : T extends number ? number : boolean;

function comparison(kind: ComparisonType) {
  return <T extends Primitive>(left: Reference<T>, right: Value<Widened<T>>): Condition => ({
    Type: kind,
    LeftValue: left,
    RightValue: right,
  });
}

export const equals = comparison('Equals');
export const greaterThan = comparison('GreaterThan');
export const greaterThanOrEqualTo = comparison('GreaterThanOrEqualTo');
export const lessThan = comparison('LessThan');
export const lessThanOrEqualTo = comparison('LessThanOrEqualTo');

/** Whether `value` is one of `values`. */
export function isIn<T extends Primitive>(value: Reference<T>, values: readonly Value<Widened<T>>[]): Condition {
  return { Type: 'In', QueryValue: value, Values: values };
}

/**
 * The opposite of a condition. Its key is `Condition`, not the `Expression` of older documents:
 * https://github.com/aws/sagemaker-python-sdk/pull/4351
 */
export function not(condition: Condition): Condition {
  return { Type: 'Not', Condition: condition };
}

/** True when at least one condition is true. (A condition step requires all of its conditions: that is "and".) */
export function or(conditions: readonly Condition[]): Condition {
  return { Type: 'Or', Conditions: conditions };
}
