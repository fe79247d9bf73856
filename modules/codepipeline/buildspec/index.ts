export { BuildspecError, buildspecText, type Buildspec, type BuildspecPhase } from './buildspec';
export {
  containerBuildspec,
  containerBuildspecProblems,
  type ContainerBuildspecOptions,
  type CpuArchitecture,
  type ImageHandover,
} from './container-buildspec';
export { deployFilesBuildspec, type DeployFilesOptions, type LifecycleHook } from './deploy-files';
export { cleanUpBuildspec, releaseBuildspec } from './release-buildspec';
export { endpointBuildspec } from './endpoint-buildspec';
export { smokeTestBuildspec } from './smoke-test-buildspec';
export { sourceFilterBuildspec } from './source-filter-buildspec';
export { layerApplyBuildspec, layerPlanBuildspec, type LayerBuildspecOptions } from './layer-buildspec';
export { WORKER_VARIABLES, workerBuildspec } from './worker-buildspec';
