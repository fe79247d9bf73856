export { MlStack, mlStackId, type MlStackProps } from './stack';
export { mlConfig, type MlConfig, type MlConfigInput } from './config';
export { mlContract } from '@strata/ml-contract';
