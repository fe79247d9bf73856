export { LayerPipeline, type LayerBuildStep, type LayerPipelineProps, type PipelineLayer } from './layer-pipeline';
