import { type Forward, type Patch, jsonReply, parseJson, type Reply } from './patch';

type Attributes = Record<string, unknown>;

/** Attributes that moto neither keeps nor returns, or keeps from one of the two operations only. */
const KEPT = [
  'availabilityZoneRebalancing',
  'capacityProviderStrategy',
  'deploymentConfiguration',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'healthCheckGracePeriodSeconds',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
];

/** Attributes that AWS returns in the deployment. */
const KEPT_IN_DEPLOYMENT = [
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'networkConfiguration',
];

/** What a service was given beyond what moto keeps, and that it is steady. */
export const ecsServiceAttributes: Patch = {
  service: 'ecs',
  operations: ['CreateService', 'UpdateService', 'DescribeServices', 'DeleteService'],
  missing:
    `forgets ${KEPT.join(', ')}; says launch type EC2 for a service with a capacity provider strategy; ` +
    'keeps a task definition as it was written, and the old one in the deployment, when a service is ' +
    'updated; runs no task, ever',
  why:
    'every second plan of an aws_ecs_service would change it, and a capacity provider strategy would ' +
    'replace it; anything that waits for a stable service, such as the builds of a pipeline or npm run ' +
    'images, would wait forever',
  how:
    'remembers what was set and adds it, with the defaults of AWS, to the replies; completes a family or ' +
    'family:revision to its ARN; reports that all desired tasks are running',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'ecs' && ecsServiceAttributes.operations.includes(request.operation),
  open: () => {
    const given = new Map<string, Attributes>();

    const complete = (service: Attributes): Attributes => {
      const kept = given.get(String(service.serviceArn));
      return kept === undefined ? service : steady(asAwsReturns(service, kept));
    };

    return async (request, forward) => {
      const input = parseJson(await request.body());
      if (request.operation === 'UpdateService' && typeof input.taskDefinition === 'string') {
        const arn = await taskDefinitionArn(input.taskDefinition, forward);
        if (arn !== undefined) input.taskDefinition = arn;
      }
      const reply = await forward({ body: Buffer.from(JSON.stringify(input)) });
      if (reply.status !== 200) return reply;
      const output = parseJson(reply.body);

      if (request.operation === 'DescribeServices') {
        return {
          ...reply,
          body: Buffer.from(JSON.stringify({ ...output, services: (output.services as Attributes[]).map(complete) })),
        };
      }
      const service = output.service as Attributes;
      const arn = String(service.serviceArn);
      if (request.operation === 'CreateService') given.set(arn, pick(input));
      if (request.operation === 'UpdateService') given.set(arn, { ...given.get(arn), ...pick(input) });
      const answer = jsonReply(200, { ...output, service: complete(service) });
      if (request.operation === 'DeleteService') given.delete(arn);
      return answer;
    };
  },
};

function pick(input: Attributes): Attributes {
  const names = [...KEPT, ...KEPT_IN_DEPLOYMENT].filter((name) => input[name] !== undefined && input[name] !== null);
  return Object.fromEntries(names.map((name) => [name, input[name]]));
}

function asAwsReturns(service: Attributes, kept: Attributes): Attributes {
  const result: Attributes = {
    availabilityZoneRebalancing: 'ENABLED',
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    ...service,
    ...Object.fromEntries(KEPT.filter((name) => kept[name] !== undefined).map((name) => [name, kept[name]])),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      ...(kept.deploymentConfiguration as Attributes | undefined),
    },
  };
  if (kept.networkConfiguration !== undefined) result.networkConfiguration = kept.networkConfiguration;
  const strategy = kept.capacityProviderStrategy as { capacityProvider?: string }[] | undefined;
  const hasStrategy = strategy !== undefined && strategy.length > 0;
  if (hasStrategy) delete result.launchType;
  const isFargate = hasStrategy
    ? strategy.some((item) => item.capacityProvider?.startsWith('FARGATE') === true)
    : result.launchType === 'FARGATE';
  if (isFargate) {
    result.platformVersion ??= 'LATEST';
    result.platformFamily = 'Linux';
  }

  const [primary, ...older] = (service.deployments ?? []) as Attributes[];
  if (primary !== undefined) {
    const deployment: Attributes = {
      ...primary,
      taskDefinition: service.taskDefinition,
      desiredCount: service.desiredCount,
    };
    for (const name of KEPT_IN_DEPLOYMENT) if (kept[name] !== undefined) deployment[name] = kept[name];
    if (hasStrategy) {
      delete deployment.launchType;
      deployment.capacityProviderStrategy = strategy;
    }
    if (isFargate) Object.assign(deployment, { platformVersion: result.platformVersion, platformFamily: 'Linux' });
    result.deployments = [deployment, ...older];
  }
  return result;
}

/** A service that runs what it wants. */
function steady(service: Attributes): Attributes {
  const counts = { runningCount: service.desiredCount, pendingCount: 0 };
  const deployments = ((service.deployments ?? []) as Attributes[]).map((deployment) => ({
    ...deployment,
    ...counts,
    rolloutState: 'COMPLETED',
  }));
  return { ...service, ...counts, deployments };
}

/**
 * The ARN of a task definition that is named by family or family:revision; undefined when moto does not know it, and
 * then says so.
 */
async function taskDefinitionArn(name: string, forward: Forward): Promise<string | undefined> {
  if (name.startsWith('arn:')) return name;
  const reply: Reply = await forward({
    operation: 'DescribeTaskDefinition',
    body: Buffer.from(JSON.stringify({ taskDefinition: name })),
  });
  if (reply.status !== 200) return undefined;
  return (parseJson(reply.body).taskDefinition as { taskDefinitionArn?: string }).taskDefinitionArn;
}
