export { JobsStack, jobsStackId, type JobsStackProps } from './stack';
export { jobsConfig, type JobsConfig, type JobsConfigInput } from './config';
export { jobsContract } from '@strata/jobs-contract';
