// The pipelines of a configuration. Loads no construct.
import { modelEndpointDefaults, type CiCdConfig } from './config';
import { endpointPipeline, type PipelineConfig } from './pipeline-config';

export { type PipelineConfig };

/** The pipelines that are there: not those set to false, and the inference container's where there is a model layer. */
export function pipelinesOf(config: CiCdConfig, hasModelLayer: boolean): [string, PipelineConfig][] {
  const { 'model-endpoint': modelEndpoint, ...others } = config.pipelines;
  const entries: [string, PipelineConfig | false | undefined][] = [
    ...Object.entries(others),
    ['model-endpoint', modelEndpoint ?? (hasModelLayer ? endpointPipeline(modelEndpointDefaults).parse({}) : false)],
  ];
  return entries.filter((entry): entry is [string, PipelineConfig] => entry[1] !== false && entry[1] !== undefined);
}

/** The repository that a pipeline pushes to, as the registry layer calls it. */
export function repositoryOf(name: string, pipeline: PipelineConfig): string {
  if (pipeline.repository !== undefined) return pipeline.repository;
  switch (pipeline.kind) {
    case 'service':
      return pipeline.service ?? name;
    case 'endpoint':
      return name;
    case 'worker':
      return `jobs-${pipeline.worker}`;
  }
}
