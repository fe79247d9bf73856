export { EnvironmentLayers, type LayerClass, type OwnProps } from './environment-layers';
export type { LayerSchemas } from './layer-schemas';
export { readEnvironment, type Environment, type EnvironmentOptions } from './read-environment';
export { separateWorkingDirectories } from './working-directories';
