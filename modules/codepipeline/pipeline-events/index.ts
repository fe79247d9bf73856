export { PipelineEvents, type PipelineEventsProps, type PipelineState } from './pipeline-events';
