export { NetworkStack, networkStackId, type NetworkStackProps } from './stack';
export { networkConfig, type NetworkConfig, type NetworkConfigInput } from './config';
export { networkContract } from '@strata/network-contract';
