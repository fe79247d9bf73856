export {
  ModelBuildingPipeline,
  PIPELINE_NAME,
  type ModelBuildingPipelineProps,
  type PipelineDefinition,
} from './model-building-pipeline';
export { type PipelineSchedule } from './schedule';
