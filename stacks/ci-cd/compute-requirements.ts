import type { ContractRequirement } from '@strata/contract/terraform';
import type { FurtherEnvironment, ServicePipelineConfig } from './pipeline-config';

type Steps =
  | Pick<ServicePipelineConfig, 'deployment' | 'smokeTest'>
  | Pick<FurtherEnvironment, 'deployment' | 'smokeTest'>;

/** What one deployment requires of a compute layer, beyond its contract's types. */
export function computeRequirements(
  pipeline: string,
  service: string,
  steps: Steps,
  cpuArchitecture: string,
): ContractRequirement[] {
  const [key, at] = [JSON.stringify(service), `self.outputs.services[${JSON.stringify(service)}]`];
  const isThere = `contains(keys(self.outputs.services), ${key})`;
  const { deployment, smokeTest } = steps;
  const shift = `self.outputs.blue_green[${key}]`;
  const requirements: ContractRequirement[] = [
    {
      condition: isThere,
      message:
        `it has no service "${service}", which the pipeline "${pipeline}" deploys to. Its services: \${join(", ` +
        `", keys(self.outputs.services))}. Set one of them in pipelines.${pipeline}.service, or add it to the ` +
        'compute layer.',
      outputs: ['services'],
    },
    {
      condition: `!${isThere} || ${at}.cpu_architecture == ${JSON.stringify(cpuArchitecture)}`,
      message:
        `the task definition of "${service}" is for \${${at}.cpu_architecture}, and ` +
        `pipelines.${pipeline}.cpuArchitecture builds its image for ${cpuArchitecture}. Change one of the two.`,
      outputs: ['services'],
    },
  ];
  const isBlueGreen = `contains(keys(self.outputs.blue_green), ${key})`;
  if (deployment.type === 'rolling') {
    requirements.push({
      condition: `!${isBlueGreen}`,
      message:
        `CodeDeploy deploys "${service}" (deploymentController CODE_DEPLOY), but the pipeline "${pipeline}" is ` +
        `configured for a rolling update. Set its deployment.type to "blue-green", or the service's ` +
        'deploymentController to ECS.',
      outputs: ['blueGreen'],
    });
  } else {
    requirements.push({
      condition: `!${isThere} || ${isBlueGreen}`,
      message:
        `ECS itself deploys "${service}", but the pipeline "${pipeline}" asks for blue/green. Set the ` +
        `service's deploymentController to CODE_DEPLOY, or the pipeline's deployment.type to "rolling".`,
      outputs: ['services', 'blueGreen'],
    });
    if (deployment.testListener) {
      requirements.push({
        condition: `${shift}.test_listener_arn != ""`,
        message:
          `"${service}" has no test listener. Set its testListenerPort in the compute layer, or set ` +
          `testListener of the pipeline "${pipeline}" to false.`,
        outputs: ['blueGreen'],
      });
    }
    if (deployment.rollBackOnAlarms) {
      requirements.push({
        condition: `length(${shift}.alarm_names) > 0`,
        message:
          `"${service}" has no alarms to roll back on. Set its alarms and rollBackOnAlarms in the compute ` +
          `layer, or rollBackOnAlarms of the pipeline "${pipeline}" to false.`,
        outputs: ['blueGreen'],
      });
    }
  }
  if (smokeTest !== undefined && smokeTest.url === undefined) {
    const asked = JSON.stringify(smokeTest.service ?? service);
    requirements.push({
      condition:
        `contains(keys(self.outputs.services), ${asked}) && can(regex("^https?://", ` +
        `self.outputs.services[${asked}].url)) && !can(regex("^https?://internal-", ` +
        `self.outputs.services[${asked}].url))`,
      message:
        `the smoke test of the pipeline "${pipeline}" runs outside the VPC and cannot reach the service ` +
        `${asked.replaceAll('"', '')}, which is not public. Test another service (smokeTest.service), such as the one that calls it, or set smokeTest.url.`,
      outputs: ['services'],
    });
  }
  return requirements;
}
