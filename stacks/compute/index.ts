export { ComputeStack, computeStackId, type ComputeStackProps } from './stack';
export { computeConfig, type ComputeConfig, type ComputeConfigInput } from './config';
export { computeContract } from '@strata/compute-contract';
