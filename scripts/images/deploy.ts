import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
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
 * Does what a pipeline's Deploy and Release stages do: registers a copy of the running revision with another image
 * and, once the service runs it, updates the image's SSM parameter.
 * @throws UserError when the service does not exist, is deployed by CodeDeploy, or rolled back; the parameter then
 *   stays unchanged
 */
export async function deploy(
  region: string,
  target: Target,
  image: string,
  say: (text: string) => void,
): Promise<void> {
  const [ecs, ssm] = [new ECSClient({ region }), new SSMClient({ region })];
  const { cluster, service } = target;
  const find = async () =>
    (await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))).services?.[0];
  const former = await find().catch((error: Error) => {
    throw new UserError(
      `the cluster ${cluster} cannot be asked: ${error.message}. Deploy the compute layer first: cdktf deploy compute`,
    );
  });
  if (former === undefined || former.status === 'INACTIVE')
    throw new UserError(
      `the cluster ${cluster} has no service ${service}. Deploy the compute layer first: cdktf deploy compute`,
    );
  if (former.deploymentController?.type === 'CODE_DEPLOY')
    throw new UserError(
      `${service} is deployed blue/green by CodeDeploy; have its pipeline do it: see docs/shipping.md`,
    );

  const revision = await copyWithImage(ecs, former.taskDefinition!, target.container, image);
  await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: revision }));
  say(`${service}: waiting for ${revision.slice(revision.lastIndexOf('/') + 1)}, up to 10 minutes`);
  await waitUntilServicesStable(
    { client: ecs, maxWaitTime: 600, minDelay: 2, maxDelay: 15 },
    { cluster, services: [service] },
  );
  const now = (await find())!.taskDefinition;
  if (now !== revision)
    throw new UserError(
      `${service} was rolled back to ${now}; ${target.parameter} stays as it is. Its events say why: aws ecs ` +
        `describe-services --cluster ${cluster} --services ${service}`,
    );
  await ssm.send(new PutParameterCommand({ Name: target.parameter, Type: 'String', Value: image, Overwrite: true }));
  say(`${service} runs ${image}`);
}

async function copyWithImage(ecs: ECSClient, arn: string, container: string, image: string): Promise<string> {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
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
  } = taskDefinition!;
  if (!containerDefinitions.some(({ name }) => name === container))
    throw new UserError(
      `${arn} has no container ${container}, only ${containerDefinitions.map(({ name }) => name).join(', ')}`,
    );
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...copied,
      family,
      containerDefinitions: containerDefinitions.map((one) => (one.name === container ? { ...one, image } : one)),
    }),
  );
  return registered.taskDefinition!.taskDefinitionArn!;
}
