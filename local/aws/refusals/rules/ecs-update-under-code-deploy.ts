import { ecsService } from './lookups';
import type { Rule } from './rule';

/** What may be changed beside CodeDeploy. */
const OWN = [
  'cluster',
  'service',
  'desiredCount',
  'deploymentConfiguration',
  'healthCheckGracePeriodSeconds',
  'placementConstraints',
  'placementStrategy',
  'enableECSManagedTags',
  'propagateTags',
  'availabilityZoneRebalancing',
];
const SAID: Readonly<Record<string, string>> = {
  taskDefinition: 'Unable to update task definition',
  networkConfiguration: 'Unable to update network parameters',
  loadBalancers: 'Unable to update load balancers',
  platformVersion: 'Unable to update platform version',
  capacityProviderStrategy: 'Unable to update capacity provider strategy',
  forceNewDeployment: 'Cannot force a new deployment',
};

export const ecsUpdateUnderCodeDeploy: Rule = {
  service: 'ecs',
  operations: ['UpdateService'],
  what: 'updating the task definition, network, load balancers, platform version or anything else that CodeDeploy owns, of a service under the CODE_DEPLOY controller',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html',
  async check({ input }, aws) {
    const given = Object.keys(input).filter(
      (key) => input[key] !== undefined && input[key] !== null && input[key] !== false,
    );
    const wrong = given.find((key) => !OWN.includes(key));
    if (wrong === undefined) return undefined;
    const service = await ecsService(aws, input.cluster, input.service);
    if (service?.deploymentController?.type === 'CODE_DEPLOY')
      return {
        code: 'InvalidParameterException',
        message:
          `${SAID[wrong] ?? `Unable to update ${wrong}`} on services with a CODE_DEPLOY deployment controller. ` +
          'Use AWS CodeDeploy to trigger a new deployment.',
      };
    return undefined;
  },
};
