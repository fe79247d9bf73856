import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { UserError } from '../../local/toolchain';

/** A service that a pipeline deploys to. */
export interface Target {
  readonly cluster: string;
  readonly service: string;
  readonly container: string;
  readonly parameter: string;
}

/**
 * Checks all that a deployment needs, before anything is built or pushed for it.
 * @throws UserError when the service does not exist, is deployed by CodeDeploy, or has no such container
 */
export async function requireDeployable(region: string, target: Target): Promise<void> {
  const ecs = new ECSClient({ region });
  await describeRunning(ecs, target.container, await findService(ecs, target));
}

/**
 * Does what a pipeline's Deploy and Release stages do: registers a copy of the running revision with another image
 * and, once the service runs it, updates the image's SSM parameter.
 * @throws UserError as `requireDeployable`, and when the service rolled back; the parameter then stays unchanged
 */
export async function deploy(
  region: string,
  target: Target,
  image: string,
  say: (text: string) => void,
): Promise<void> {
  const [ecs, ssm] = [new ECSClient({ region }), new SSMClient({ region })];
  const { cluster, service } = target;
  const running = await describeRunning(ecs, target.container, await findService(ecs, target));
  const revision = await registerCopy(ecs, running, target.container, image);
  await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: revision }));
  say(`${service}: waiting for ${revision.slice(revision.lastIndexOf('/') + 1)}, up to 10 minutes`);
  await waitUntilServicesStable(
    { client: ecs, maxWaitTime: 600, minDelay: 2, maxDelay: 15 },
    { cluster, services: [service] },
  );
  const now = (await findService(ecs, target)).taskDefinition;
  if (now !== revision)
    throw new UserError(
      `${service} was rolled back to ${now}; ${target.parameter} stays as it is. Its events say why: aws ecs ` +
        `describe-services --cluster ${cluster} --services ${service}`,
    );
  await ssm.send(new PutParameterCommand({ Name: target.parameter, Type: 'String', Value: image, Overwrite: true }));
  say(`${service} runs ${image}`);
}

async function findService(ecs: ECSClient, { cluster, service }: Target): Promise<Service> {
  const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] })).catch((error: Error) => {
    throw new UserError(
      `the cluster ${cluster} cannot be asked: ${error.message.replace(/\.$/, '')}. Deploy the compute layer first: cdktf deploy compute`,
    );
  });
  const found = answer.services?.[0];
  if (found === undefined || found.status === 'INACTIVE')
    throw new UserError(
      `the cluster ${cluster} has no service ${service}. Deploy the compute layer first: cdktf deploy compute`,
    );
  if (found.deploymentController?.type === 'CODE_DEPLOY')
    throw new UserError(
      `${service} is deployed blue/green by CodeDeploy; have its pipeline do it: see docs/shipping.md`,
    );
  return found;
}

/** The revision that the service runs. @throws UserError when it has no such container */
async function describeRunning(ecs: ECSClient, container: string, service: Service): Promise<TaskDefinition> {
  const { taskDefinition: arn } = service;
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
  const names = (taskDefinition!.containerDefinitions ?? []).map(({ name }) => name);
  if (!names.includes(container)) throw new UserError(`${arn} has no container ${container}, only ${names.join(', ')}`);
  return taskDefinition!;
}

async function registerCopy(
  ecs: ECSClient,
  running: TaskDefinition,
  container: string,
  image: string,
): Promise<string> {
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _attributes,
    compatibilities: _compatibilities,
    registeredAt: _at,
    registeredBy: _by,
    deregisteredAt: _deregistered,
    family,
    containerDefinitions = [],
    ...copied
  } = running;
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...copied,
      family,
      containerDefinitions: containerDefinitions.map((one) => (one.name === container ? { ...one, image } : one)),
    }),
  );
  return registered.taskDefinition!.taskDefinitionArn!;
}
