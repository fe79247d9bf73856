import shapesFile from '../api/shapes.generated.json';
import { RETRY_EXCEPTIONS } from '../retry-policy';
import { DEFINITION_VERSION, STEP_TYPES, type StepType } from './definition';

type ShapeType = string | { readonly list: ShapeType } | { readonly map: ShapeType };
interface Shape {
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, ShapeType>>;
}

/** The API's shapes by name. */
export const shapes = shapesFile as unknown as Readonly<Record<string, Shape>>;

/** What each type of step calls, and what describes the job it started. */
const CALLS: Readonly<Partial<Record<StepType, { readonly request: string; readonly answer: string }>>> = {
  Training: { request: 'CreateTrainingJobRequest', answer: 'DescribeTrainingJobResponse' },
  Processing: { request: 'CreateProcessingJobRequest', answer: 'DescribeProcessingJobResponse' },
  Transform: { request: 'CreateTransformJobRequest', answer: 'DescribeTransformJobResponse' },
  Tuning: { request: 'CreateHyperParameterTuningJobRequest', answer: 'DescribeHyperParameterTuningJobResponse' },
  Model: { request: 'CreateModelInput', answer: 'DescribeModelOutput' },
  RegisterModel: { request: 'CreateModelPackageInput', answer: 'DescribeModelPackageOutput' },
};

/** Name of the shape that a step's properties have, or `undefined` where the step has none of the API's. */
export const answerOf = (type: StepType): string | undefined => CALLS[type]?.answer;

type Schema = Readonly<Record<string, unknown>>;
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: Schema, bounds: Schema = {}): Schema => ({ type: 'array', items, ...bounds });

// What a value may be instead of a literal. A title is what an error says is allowed.
const references: Readonly<Record<string, Schema>> = {
  Get: object({ Get: { type: 'string' } }, ['Get']),
  Join: object({ 'Std:Join': object({ On: { type: 'string' }, Values: list(ref('value')) }, ['Values']) }, [
    'Std:Join',
  ]),
  JsonGet: object(
    { 'Std:JsonGet': object({ PropertyFile: ref('Get'), Path: ref('string') }, ['PropertyFile', 'Path']) },
    ['Std:JsonGet'],
  ),
};
const orReference = (literal: Schema, title: string): Schema => ({
  title,
  anyOf: [literal, ref('Get'), ref('Join'), ref('JsonGet')],
});

const values: Readonly<Record<string, Schema>> = {
  string: orReference({ type: 'string' }, 'text, or a reference to text'),
  number: orReference({ type: 'number' }, 'a number, or a reference to one'),
  boolean: orReference({ type: 'boolean' }, 'true or false, or a reference to one of them'),
  value: orReference({ type: ['string', 'number', 'boolean'] }, 'text, a number, true or false, or a reference'),
  any: {},
};

const NAME: Schema = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  title: '1 to 64 letters, digits, hyphens and underscores',
};
const DESCRIPTION: Schema = { type: 'string', maxLength: 4096 };
// Every part is optional, but there must be one, and one behind the T.
const DURATION: Schema = {
  type: 'string',
  pattern:
    '^[Pp](?=[0-9Tt])([0-9]+[Yy])?([0-9]+[Mm])?([0-9]+[Ww])?([0-9]+[Dd])?([Tt](?=[0-9])([0-9]+[Hh])?([0-9]+[Mm])?([0-9]+[Ss])?)?$',
  title: 'an ISO 8601 duration, such as "P30D" or "PT12H"',
};

const RETRY_POLICY: Schema = {
  ...object(
    {
      ExceptionType: list({ enum: RETRY_EXCEPTIONS }, { minItems: 1 }),
      IntervalSeconds: { type: 'integer', minimum: 0 },
      BackoffRate: { type: 'number', minimum: 0 },
      MaxAttempts: { type: 'integer', minimum: 1, maximum: 20 },
      ExpireAfterMin: { type: 'integer', minimum: 1, maximum: 14400 },
    },
    ['ExceptionType'],
  ),
  title: 'either MaxAttempts or ExpireAfterMin, not both',
  oneOf: [{ required: ['MaxAttempts'] }, { required: ['ExpireAfterMin'] }],
};

const CONDITION: Schema = {
  type: 'object',
  required: ['Type'],
  discriminator: { propertyName: 'Type' },
  oneOf: [
    object(
      {
        Type: { enum: ['Equals', 'GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo'] },
        LeftValue: ref('value'),
        RightValue: ref('value'),
      },
      ['Type', 'LeftValue', 'RightValue'],
    ),
    object({ Type: { const: 'In' }, QueryValue: ref('value'), Values: list(ref('value'), { minItems: 1 }) }, [
      'Type',
      'QueryValue',
      'Values',
    ]),
    object({ Type: { const: 'Not' }, Condition: ref('condition') }, ['Type', 'Condition']),
    object({ Type: { const: 'Or' }, Conditions: list(ref('condition'), { minItems: 1 }) }, ['Type', 'Conditions']),
  ],
};

const common = (type: StepType): Readonly<Record<string, Schema>> => ({
  Name: NAME,
  Type: { const: type },
  DependsOn: list(NAME),
  DisplayName: { type: 'string', maxLength: 1024 },
  Description: DESCRIPTION,
});
const retries = { RetryPolicies: list(RETRY_POLICY) };
const cache = { CacheConfig: object({ Enabled: { type: 'boolean' }, ExpireAfter: DURATION }, ['Enabled']) };
const OUTPUT_TYPES = ['String', 'Integer', 'Boolean', 'Float'];

function stepSchema(type: StepType): Schema {
  const own: Readonly<Record<string, Schema>> = (() => {
    switch (type) {
      case 'Condition':
        return {
          Arguments: object(
            {
              Conditions: list(ref('condition'), { minItems: 1 }),
              IfSteps: list(ref('step')),
              ElseSteps: list(ref('step')),
            },
            ['Conditions'],
          ),
        };
      case 'Fail':
        return { Arguments: object({ ErrorMessage: ref('string') }, ['ErrorMessage']) };
      case 'Lambda':
        return {
          ...cache,
          FunctionArn: ref('string'),
          Arguments: { type: 'object' },
          OutputParameters: list(
            object({ OutputName: { type: 'string', minLength: 1 }, OutputType: { enum: OUTPUT_TYPES } }, [
              'OutputName',
              'OutputType',
            ]),
          ),
        };
      default:
        return {
          ...retries,
          ...(type === 'Model' || type === 'RegisterModel' ? {} : cache),
          Arguments: ref(CALLS[type]!.request),
        };
    }
  })();
  const files: Readonly<Record<string, Schema>> =
    type === 'Processing'
      ? {
          PropertyFiles: list(
            object(
              { PropertyFileName: NAME, OutputName: { type: 'string' }, FilePath: { type: 'string', minLength: 1 } },
              ['PropertyFileName', 'OutputName', 'FilePath'],
            ),
          ),
        }
      : {};
  return object({ ...common(type), ...own, ...files }, [
    'Name',
    'Type',
    'Arguments',
    ...(type === 'Lambda' ? ['FunctionArn'] : []),
  ]);
}

function typeSchema(type: ShapeType, needed: Set<string>): Schema {
  if (typeof type !== 'string')
    return 'list' in type
      ? list(typeSchema(type.list, needed))
      : { type: 'object', additionalProperties: typeSchema(type.map, needed) };
  if (shapes[type] !== undefined) needed.add(type);
  return ref(type);
}

const PARAMETER: Schema = {
  type: 'object',
  required: ['Type'],
  discriminator: { propertyName: 'Type' },
  oneOf: [
    ['String', { type: 'string', maxLength: 4096 }],
    ['Integer', { type: 'integer' }],
    ['Float', { type: 'number' }],
    ['Boolean', { type: 'boolean' }],
  ].map(([type, DefaultValue]) =>
    object(
      {
        Name: NAME,
        Type: { const: type },
        Description: DESCRIPTION,
        DefaultValue: DefaultValue as Schema,
        ...(type === 'String' ? { EnumValues: list({ type: 'string' }, { minItems: 1 }) } : {}),
      },
      ['Name', 'Type'],
    ),
  ),
};

/**
 * JSON schema (draft 7, with the discriminator of OpenAPI) of a pipeline definition of version 2020-12-01.
 *
 * Written for this project: the published schema carries no licence, and is behind the service. It knows no `Std:Join`
 * or `Std:JsonGet`, no `CacheConfig`, `PropertyFiles` or `PipelineExperimentConfig`, no reference in a model's
 * `ModelDataUrl`, no approval status of a registered model, no Lambda or Model step in a branch and no Fail step
 * outside one; and it spells `In` conditions with `Value` and `In`, where the service takes `QueryValue` and `Values`.
 * Requests are as the API itself describes them (`api/shapes.generated.json`); the rest is as AWS's Python SDK renders it.
 *
 * @param types leaves out the steps of other types. @default all
 */
export function definitionSchema(types: readonly StepType[] = STEP_TYPES): Schema {
  const requests: Record<string, Schema> = {};
  const needed = new Set(types.flatMap((type) => CALLS[type]?.request ?? []));
  // A set goes on with what is added to it on the way.
  for (const name of needed) {
    const { members, required } = shapes[name]!;
    requests[name] = object(
      Object.fromEntries(Object.entries(members).map(([member, type]) => [member, typeSchema(type, needed)])),
      required,
    );
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...object(
      {
        Version: { const: DEFINITION_VERSION },
        Metadata: { type: 'object', additionalProperties: { type: 'string', maxLength: 1024 } },
        Parameters: list(PARAMETER, { maxItems: 200 }),
        PipelineExperimentConfig: object({ ExperimentName: ref('string'), TrialName: ref('string') }, [
          'ExperimentName',
          'TrialName',
        ]),
        Steps: list(ref('step'), { minItems: 1 }),
      },
      ['Version', 'Steps'],
    ),
    definitions: {
      ...references,
      ...values,
      ...requests,
      condition: CONDITION,
      step: {
        type: 'object',
        required: ['Type'],
        discriminator: { propertyName: 'Type' },
        oneOf: types.map(stepSchema),
      },
    },
  };
}
