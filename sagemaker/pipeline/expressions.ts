/** What a pipeline calculates with. */
export type Primitive = string | number | boolean;

/** A value that is known now, or a reference to one that the running pipeline knows. */
export type Value<T extends Primitive> = T | Reference<T>;

/** How a reference is written in a definition. */
export type Expression =
  | { readonly Get: string }
  | { readonly 'Std:Join': { readonly On: string; readonly Values: readonly (Primitive | Expression)[] } }
  | { readonly 'Std:JsonGet': { readonly PropertyFile: { readonly Get: string }; readonly Path: string } };

/**
 * A value of type `T` that the running pipeline knows: a parameter, a step's property, an execution variable, or what
 * is made of those.
 */
export interface Reference<T extends Primitive = Primitive> {
  /** Its form in the definition. */
  toJSON(): Expression;
  /** The same as text, where the API wants text, such as a hyperparameter from an integer parameter. */
  asText(): Reference<string>;
  /** Tells the types of references apart; there at compile time only. */
  readonly [type]?: T;
}

declare const type: unique symbol;

/**
 * Makes a reference of its form in the definition. For what this library has no word for; names are checked when the
 * pipeline is built.
 */
export function reference<T extends Primitive>(expression: Expression): Reference<T> {
  return Object.freeze({
    toJSON: () => expression,
    asText: () => join('', [expressionReference(expression)]),
  });
}

const expressionReference = (expression: Expression): Reference => reference(expression);

/** `{"Get": path}`. */
export function get<T extends Primitive>(path: string): Reference<T> {
  return reference<T>({ Get: path });
}

export function isReference(value: unknown): value is Reference {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Reference).asText === 'function' &&
    typeof (value as Reference).toJSON === 'function'
  );
}

/**
 * Values put together as text, with `on` between them.
 *
 * @example join('/', ['s3:/', bucket, executionVariables.PipelineExecutionId])
 */
export function join(on: string, values: readonly Value<Primitive>[]): Reference<string> {
  return reference<string>({
    'Std:Join': { On: on, Values: values.map((value) => (isReference(value) ? value.toJSON() : value)) },
  });
}

/**
 * What SageMaker says about the execution itself.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-properties.html
 */
export const executionVariables = {
  PipelineName: get<string>('Execution.PipelineName'),
  PipelineArn: get<string>('Execution.PipelineArn'),
  PipelineExecutionId: get<string>('Execution.PipelineExecutionId'),
  PipelineExecutionArn: get<string>('Execution.PipelineExecutionArn'),
  StartDateTime: get<string>('Execution.StartDateTime'),
  CurrentDateTime: get<string>('Execution.CurrentDateTime'),
} as const;

/** Names behind `Execution.` that SageMaker knows. */
export const EXECUTION_VARIABLES: readonly string[] = Object.keys(executionVariables);
