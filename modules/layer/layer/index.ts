export { LayerStack, type LayerDefinition, type LayerProps, type LayerStackProps } from './layer-stack';
export { AWS_PROVIDER_VERSION, TERRAFORM_VERSION } from './versions';
export { type NeighbourConfig } from '../config';
