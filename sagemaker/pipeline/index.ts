export { Pipeline, type PipelineProps, type ExperimentConfig } from './pipeline';
export {
  stringParameter,
  integerParameter,
  floatParameter,
  booleanParameter,
  type Parameter,
  type ParameterDeclaration,
  type ParameterOptions,
  type ParameterType,
  type StringParameterOptions,
} from './parameters';
export {
  executionVariables,
  get,
  isReference,
  join,
  reference,
  type Expression,
  type Primitive,
  type Reference,
  type Value,
} from './expressions';
export {
  equals,
  greaterThan,
  greaterThanOrEqualTo,
  isIn,
  lessThan,
  lessThanOrEqualTo,
  not,
  or,
  type ComparisonType,
  type Condition,
} from './conditions';
export { type CacheConfig } from './cache-config';
export { type RetryException, type RetryPolicy } from './retry-policy';
export { type Properties, type PropertyItems } from './properties';
export { Step, type JobStepProps, type StepProps } from './steps/step';
export { TrainingStep, type TrainingStepProps } from './steps/training-step';
export { ProcessingStep, type ProcessingStepProps, type PropertyFile } from './steps/processing-step';
export { TransformStep, type TransformStepProps } from './steps/transform-step';
export { TuningStep, type TuningStepProps } from './steps/tuning-step';
export { ModelStep, type ModelStepProps } from './steps/model-step';
export { RegisterModelStep, type RegisterModelStepProps } from './steps/register-model-step';
export { LambdaStep, type LambdaInput, type LambdaStepProps } from './steps/lambda-step';
export { ConditionStep, type ConditionStepProps } from './steps/condition-step';
export { FailStep, type FailStepProps } from './steps/fail-step';
export {
  DEFINITION_VERSION,
  STEP_TYPES,
  type Json,
  type PipelineDefinition,
  type StepDefinition,
  type StepType,
} from './definition/definition';
export { PipelineDefinitionError } from './definition/pipeline-definition-error';
export { validateDefinition } from './definition/validate-definition';
export { definitionSchema } from './definition/schema';
/** The requests of the API, as steps take them. */
export type * as api from './api/request-shapes.generated';
export { modelPipelines, MODEL_PIPELINE_NAMES, type ModelPipelines } from './model-pipelines/model-pipelines';
export {
  NO_TEST_DATA_FILE,
  NO_TEST_DATA_PREFIX,
  type ModelPipelinesProps,
} from './model-pipelines/model-pipelines-props';
export { pytorchTrainingImage, type PyTorchTrainingImageOptions } from './model-pipelines/training-image';
export { deployEndpointCode, DEPLOY_ENDPOINT_HANDLER, DEPLOY_ENDPOINT_RUNTIME } from './deploy-endpoint-code';
