export { EnvironmentLayers, type LayerClass, type OwnProps } from './environment-layers';
export { readEnvironment, type Environment, type EnvironmentOptions, type LayerSchemas } from './read-environment';
export { separateWorkingDirectories } from './working-directories';
