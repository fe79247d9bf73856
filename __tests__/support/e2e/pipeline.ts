import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ClientConfig } from './aws';

/** A service as compute's contract describes it to pipelines. */
export interface DeployedService {
  readonly service_name: string;
  readonly container_name: string;
  readonly image_parameter_name: string;
}

/** What runs in a service: the revision, its image and its environment variables. */
export interface RunningRevision {
  readonly arn: string;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Rolls out images the way a pipeline does: a copy of the revision that runs, with another image. */
export class Pipeline {
  private readonly ecs: ECSClient;
  private readonly ssm: SSMClient;

  constructor(
    config: ClientConfig,
    private readonly cluster: string,
    private readonly service: DeployedService,
  ) {
    this.ecs = new ECSClient(config);
    this.ssm = new SSMClient(config);
  }

  /** Registers a copy, attaches it, and, as the last thing, writes down the image. */
  async rollOut(image: string, { copyTags }: { readonly copyTags: boolean }): Promise<string> {
    const revision = await this.register(image, copyTags);
    await this.ecs.send(
      new UpdateServiceCommand({ cluster: this.cluster, service: this.service.service_name, taskDefinition: revision }),
    );
    await this.ssm.send(
      new PutParameterCommand({
        Name: this.service.image_parameter_name,
        Value: image,
        Type: 'String',
        Overwrite: true,
      }),
    );
    return revision;
  }

  /** Registers a copy of the revision that runs, with another image, and does no more. Returns its ARN. */
  async register(image: string, copyTags: boolean): Promise<string> {
    const { taskDefinition, tags } = await this.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: (await this.running()).arn, include: ['TAGS'] }),
    );
    const {
      taskDefinitionArn: _arn,
      revision: _revision,
      status: _status,
      requiresAttributes: _attributes,
      compatibilities: _compatibilities,
      registeredAt: _at,
      registeredBy: _by,
      deregisteredAt: _deregistered,
      containerDefinitions,
      ...copied
    } = taskDefinition!;
    const containers = containerDefinitions!.map((container) =>
      container.name === this.service.container_name ? { ...container, image } : container,
    );
    const registered = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...copied,
        family: copied.family!,
        containerDefinitions: containers,
        ...(copyTags && tags !== undefined && tags.length > 0 && { tags }),
      }),
    );
    return registered.taskDefinition!.taskDefinitionArn!;
  }

  async deregister(revision: string): Promise<void> {
    await this.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: revision }));
  }

  /** What the service runs now. */
  async running(): Promise<RunningRevision> {
    const { services } = await this.ecs.send(
      new DescribeServicesCommand({ cluster: this.cluster, services: [this.service.service_name] }),
    );
    const arn = services![0]!.taskDefinition!;
    const { taskDefinition } = await this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    const container = taskDefinition!.containerDefinitions!.find(({ name }) => name === this.service.container_name)!;
    return {
      arn,
      image: container.image!,
      environment: Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name!, value!])),
    };
  }
}
