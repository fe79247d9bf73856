export { BootstrapStack, bootstrapStackId, type BootstrapStackProps } from './stack';
export { bootstrapConfig, type BootstrapConfig, type BootstrapConfigInput } from './config';
export { bootstrapContract } from '@strata/bootstrap-contract';
