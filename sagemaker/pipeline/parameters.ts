import { get, reference, type Primitive, type Reference } from './expressions';

export type ParameterType = 'String' | 'Integer' | 'Float' | 'Boolean';

/** A parameter of a pipeline, which is also the reference to its value. */
export interface Parameter<T extends Primitive = Primitive> extends Reference<T> {
  readonly name: string;
  /** Its entry under `Parameters` of the definition. */
  readonly declaration: ParameterDeclaration;
}

export interface ParameterDeclaration {
  readonly Name: string;
  readonly Type: ParameterType;
  readonly DefaultValue?: Primitive;
  readonly Description?: string;
  readonly EnumValues?: readonly string[];
}

export interface ParameterOptions<T extends Primitive> {
  /** @default none: each execution must give a value */
  readonly defaultValue?: T;
  /** Shown in Studio; at most 4096 characters. @default none */
  readonly description?: string;
}

export interface StringParameterOptions<T extends string> extends ParameterOptions<NoInfer<T>> {
  /** The values that an execution may give. @default any */
  readonly enumValues?: readonly T[];
}

/** A text. With `enumValues`, an execution with another value is refused by SageMaker. */
export function stringParameter<T extends string = string>(
  name: string,
  options: StringParameterOptions<T> = {},
): Parameter<T> {
  return parameter<T>(name, 'String', options, options.enumValues);
}

/** A whole number. */
export function integerParameter(name: string, options: ParameterOptions<number> = {}): Parameter<number> {
  return parameter(name, 'Integer', options);
}

/** A number. */
export function floatParameter(name: string, options: ParameterOptions<number> = {}): Parameter<number> {
  return parameter(name, 'Float', options);
}

/** True or false. */
export function booleanParameter(name: string, options: ParameterOptions<boolean> = {}): Parameter<boolean> {
  return parameter(name, 'Boolean', options);
}

function parameter<T extends Primitive>(
  name: string,
  type: ParameterType,
  options: ParameterOptions<T>,
  enumValues?: readonly string[],
): Parameter<T> {
  const declaration: ParameterDeclaration = {
    Name: name,
    Type: type,
    ...(options.defaultValue === undefined ? {} : { DefaultValue: options.defaultValue }),
    ...(options.description === undefined ? {} : { Description: options.description }),
    ...(enumValues === undefined ? {} : { EnumValues: enumValues }),
  };
  return Object.freeze({ ...reference<T>(get(`Parameters.${name}`).toJSON()), name, declaration });
}
