export { LayerPipeline, type LayerPipelineProps, type PipelineLayer } from './layer-pipeline';
