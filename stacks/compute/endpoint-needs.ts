// What services need of a network without NAT. Loads no construct.
import type { EndpointNeeds } from '@strata/core/rules';
import { secretService } from '@strata/ecs/rules';
import { servicesOf, type Services } from './services';

/** Which of the optional layers the environment has. */
export interface OptionalLayers {
  /** @default false */
  readonly hasJobsLayer?: boolean;
}

/** What each service of a compute layer talks to in AWS: what the network layer derives its VPC endpoints from. */
export function endpointNeeds(
  config: Services & { readonly jobsLayer?: string },
  { hasJobsLayer = false }: OptionalLayers = {},
): EndpointNeeds[] {
  const readsJobs = config.jobsLayer === undefined ? hasJobsLayer : config.jobsLayer !== 'none';
  // A task with a public address reaches AWS over the internet.
  const withoutAddress = servicesOf(config).filter(([, service]) => !service.assignPublicIp);
  return withoutAddress.map(([, service]) => {
    const secrets = [service, ...service.sidecars].flatMap((container) => Object.values(container.secrets));
    return {
      ecrImages: true,
      cloudWatchLogs: true,
      secretsManagerSecrets: secrets.some((secret) => secretService(secret) === 'secretsmanager'),
      ssmParameters: secrets.some((secret) => secretService(secret) === 'ssm'),
      ecsExec: service.enableExecuteCommand,
      actions: [
        ...service.permissions.flatMap((permission) => permission.actions),
        ...(service.modelEndpoint ? ['sagemaker:InvokeEndpoint'] : []),
        ...(service.submitsJobs && readsJobs ? ['lambda:InvokeFunction'] : []),
      ],
    };
  });
}
