// What AWS allows, as data and checks without cdktf.
export { LOG_RETENTION_DAYS, logRetentionProblem } from './validation/log-retention-days';
export { KMS_KEY_ARN, arnProblem, arnProblems, knowsArnKey, partitionOf } from './validation/arn';
export { AWS_REGION } from './validation/aws-region';
export { requiredEndpoints, type EndpointNeeds, type RequiredEndpoints } from './required-endpoints/required-endpoints';
export { defaultsOf, integer, isGiven, withDefaults, type IsKnown, type OptionProblem } from './validation/options';
