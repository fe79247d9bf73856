export { CiCdStack, ciCdStackId, type CiCdStackProps } from './stack';
export { ciCdConfig, type CiCdConfig, type CiCdConfigInput } from './config';
export { ciCdContract } from '@strata/ci-cd-contract';
