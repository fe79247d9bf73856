export { RegistryStack, registryStackId, type RegistryStackProps } from './stack';
export { registryConfig, type RegistryConfig, type RegistryConfigInput } from './config';
export { registryContract } from '@strata/registry-contract';
