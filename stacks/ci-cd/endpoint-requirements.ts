import type { ContractRequirement } from '@strata/contract/terraform';

/** What a pipeline to the model's endpoint needs of the ml layer. */
export function endpointRequirements(pipeline: string, cpuArchitecture: string): ContractRequirement[] {
  return [
    {
      condition: 'self.outputs.deploy_function_name != ""',
      message:
        `Terraform owns the endpoint and there is no deploy function, which the pipeline "${pipeline}" would ` +
        `call. Set pipelines.${pipeline} to false, or the ml layer's endpoint to be owned by the pipeline.`,
      outputs: ['deployFunctionName'],
    },
    {
      condition: `self.outputs.image_architecture == ${JSON.stringify(cpuArchitecture)}`,
      message:
        `the endpoint runs on \${self.outputs.image_architecture}, and pipelines.${pipeline}.cpuArchitecture ` +
        `builds its image for ${cpuArchitecture}. Change one of the two.`,
      outputs: ['imageArchitecture'],
    },
  ];
}
