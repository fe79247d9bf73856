import { Annotations, Fn, Lazy, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsAccount } from '@strata/core';
import { parseConfig } from '@strata/core/config';
import { type ClusterReference, DeployedImages, EcsCluster, ImportedEcsCluster, ServiceImage } from '@strata/ecs';
import { LayerStack, type LayerProps } from '@strata/layer';
import { AlarmTopic, LoadBalancedService } from '@strata/ecs-patterns';
import { jobsContract } from '@strata/jobs-contract';
import { mlContract } from '@strata/ml-contract';
import { networkContract } from '@strata/network-contract';
import { noteOpenServices } from './note-open-service';
import packageJson from '@strata/stack-compute/package.json';
import { computeConfig, type ComputeConfig, type ComputeConfigInput, type ServiceConfig } from './config';
import { computeContract } from '@strata/compute-contract';
import {
  attachSubmitterPolicy,
  noteMissingJobs,
  NO_JOBS,
  pageEnvironment,
  submitterEnvironment,
  type JobsLayer,
  type JobsReading,
} from './jobs-layer';
import {
  noteMissingModel,
  DEFAULT_ENDPOINT_NAME,
  endpointByName,
  ENDPOINT_REQUIREMENTS,
  type ModelEndpoint,
  type ModelLayer,
} from './model-endpoint';
import { networkRequirements } from './network-requirements';
import { constructOptions } from './service-config';
import { callsOf, ENDPOINT_NAME_VARIABLE, servicesOf, taskRoleNameOf, urlVariable, usesJobs } from './services';

export const computeStackId = 'compute';

const DEFINITION = {
  stackId: computeStackId,
  owner: computeContract.owner,
  version: packageJson.version,
  reads: [networkContract.layer],
  readsIfDeployed: [mlContract.layer, jobsContract.layer],
};

export interface ComputeStackProps extends LayerProps {
  /** The layer's configuration; see `computeConfig`. @default app-web and app-was in a new cluster */
  readonly config?: ComputeConfigInput;
  /**
   * What the ml layer of the same environment is configured to call its endpoint. Given, the layer is read (see
   * `modelLayer` in the configuration).
   * @default the environment has no ml layer
   */
  readonly modelEndpointName?: string;
  /**
   * Whether the same environment has a jobs layer, which then is read (see `jobsLayer` in the configuration).
   * @default false
   */
  readonly hasJobsLayer?: boolean;
  /**
   * Names in ECR of the repositories that the registry layer of the same environment has. Given, a service whose image
   * is in none of them is said at synth: its pipeline would have nowhere to push to.
   * @default not checked
   */
  readonly repositoryNames?: readonly string[];
}

/**
 * The compute layer: an ECS cluster and services on Fargate behind load balancers, in the network of the network layer.
 * A service is an entry of the configuration; each is isolated in CPU, memory, security group, roles and logs.
 */
export class ComputeStack extends LayerStack {
  readonly cluster: ClusterReference;
  /** The images that pipelines deployed; see docs/adr/0004-task-definition-ownership.md. */
  readonly images: DeployedImages;
  readonly services: ReadonlyMap<string, LoadBalancedService>;
  /**
   * How the ml layer is read; see docs/adr/0008-the-endpoint-that-compute-invokes.md. Where it is `required`, it has to
   * be deployed before.
   */
  readonly modelLayer: ModelLayer;
  /** What the services invoke. */
  readonly modelEndpoint: ModelEndpoint;
  /** How the jobs layer is read, as `modelLayer` says it of the ml layer. */
  readonly jobsLayer: JobsLayer;
  /** `undefined` where no service has alarms, or a topic was given. */
  readonly alarmTopic?: AlarmTopic;

  /** @throws ConfigError naming every mistake in `config`. */
  constructor(scope: Construct, id: string, props: ComputeStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const config = parseConfig(computeConfig, props.config ?? {}, { path: id });
    const services = servicesOf(config);

    this.cluster = makeCluster(this, config, {
      project: this.project,
      environment: this.environment,
      layer: DEFINITION.stackId,
    });
    this.images = new DeployedImages(this, 'images', { project: this.project, environment: this.environment });
    if (config.alarmTopicArn === undefined && services.some(([, service]) => service.alarms)) {
      this.alarmTopic = new AlarmTopic(this, 'alarm-topic', {
        name: prefixed(config, 'compute-alarms'),
        emailAddresses: config.alarmEmailAddresses,
      });
    }
    const images = new Map(
      services.map(([name, service]) => [
        name,
        new ServiceImage(
          this,
          name,
          { ...service, repository: service.repository ?? prefixed(config, name) },
          this.images,
        ),
      ]),
    );
    if (props.repositoryNames !== undefined) this.warnOfMissingRepositories(services, images, props.repositoryNames);
    this.modelLayer = this.modelLayerMode(config, props);
    this.modelEndpoint = this.readModelEndpoint(
      config,
      config.modelEndpointName ?? props.modelEndpointName ?? DEFAULT_ENDPOINT_NAME,
    );
    if (this.deletionProtection) noteOpenServices(this, services);
    this.jobsLayer = this.jobsLayerMode(config, props);
    this.services = this.makeServices(config, images, this.readJobs(config));
    if (this.deletionProtection) protectTaskRoles(this.services);
    this.publishOutputs(services, images);
  }

  /** Not refused: the repository may be another team's, and a service may start with an image from elsewhere. */
  private warnOfMissingRepositories(
    services: readonly [string, ServiceConfig][],
    images: ReadonlyMap<string, ServiceImage>,
    known: readonly string[],
  ): void {
    for (const [name, { repository, initialImage }] of services) {
      const { repositoryName } = images.get(name)!;
      if (repository?.startsWith('arn:') === true || initialImage !== undefined || known.includes(repositoryName))
        continue;
      Annotations.of(this).addWarning(
        `services.${name}: its images come from the repository "${repositoryName}", which the registry layer does not ` +
          `have; it has ${known.join(', ') || 'none'}. Add "${name}" to repositories of registry, or set repository`,
      );
    }
  }

  private modelLayerMode(
    { modelLayer, services }: ComputeConfig,
    { modelEndpointName }: ComputeStackProps,
  ): ModelLayer {
    const isUsed = servicesOf({ services }).some(([, service]) => service.modelEndpoint);
    if (!isUsed) return 'none';
    if (modelLayer !== undefined || modelEndpointName === undefined) return modelLayer ?? 'none';
    return this.canTellIfDeployed(mlContract.layer) ? 'if-deployed' : 'required';
  }

  private readModelEndpoint(config: ComputeConfig, fallbackName: string): ModelEndpoint {
    const named = endpointByName(fallbackName, AwsAccount.of(this));
    const asked = servicesOf(config)
      .filter(([, service]) => service.modelEndpoint)
      .map(([name]) => name);
    switch (this.modelLayer) {
      case 'none':
        return { name: named.endpointName, arn: named.endpointArn };
      case 'required': {
        const { endpointName, endpointArn } = this.read(mlContract, '^1.0', ENDPOINT_REQUIREMENTS);
        return { name: endpointName, arn: endpointArn };
      }
      case 'if-deployed': {
        const { outputs, isDeployed } = this.readIfDeployed(mlContract, '^1.0', named, ENDPOINT_REQUIREMENTS);
        if (isDeployed !== true) noteMissingModel(this, asked, fallbackName, isDeployed);
        return { name: outputs.endpointName, arn: outputs.endpointArn };
      }
    }
  }

  private jobsLayerMode(config: ComputeConfig, { hasJobsLayer = false }: ComputeStackProps): JobsLayer {
    if (!usesJobs(config)) return 'none';
    if (config.jobsLayer !== undefined || !hasJobsLayer) return config.jobsLayer ?? 'none';
    return this.canTellIfDeployed(jobsContract.layer) ? 'if-deployed' : 'required';
  }

  private readJobs(config: ComputeConfig): JobsReading {
    switch (this.jobsLayer) {
      case 'none':
        return { outputs: NO_JOBS, isDeployed: false };
      case 'required':
        return { outputs: this.read(jobsContract, '^1.0'), isDeployed: true };
      case 'if-deployed': {
        const reading = this.readIfDeployed(jobsContract, '^1.0', NO_JOBS);
        const asked = servicesOf(config).filter(([, service]) => service.submitsJobs || service.uploadsJobFiles);
        const names = asked.map(([name]) => name);
        if (reading.isDeployed !== true) noteMissingJobs(this, names, reading.isDeployed);
        return reading;
      }
    }
  }

  private makeServices(
    config: ComputeConfig,
    images: ReadonlyMap<string, ServiceImage>,
    jobs: JobsReading,
  ): ReadonlyMap<string, LoadBalancedService> {
    const requirements = networkRequirements(config, { hasJobsLayer: this.jobsLayer !== 'none' });
    const network = this.read(networkContract, '^1.0', requirements);
    const { accountId, partition } = AwsAccount.of(this);
    const { region } = this;
    const services = new Map<string, LoadBalancedService>();
    const calls = callsOf(config);
    for (const [name, service] of servicesOf(config)) {
      services.set(
        name,
        new LoadBalancedService(this, name, {
          ...constructOptions(service),
          // Named by the configuration; all else is named after the service, which has the prefix.
          taskRoleName: service.taskRoleName === undefined ? undefined : prefixed(config, service.taskRoleName),
          name,
          namePrefix: config.namePrefix,
          clusterName: this.cluster.clusterName,
          clusterArn: this.cluster.clusterArn,
          vpcId: network.vpcId,
          publicSubnetIds: network.publicSubnetIds,
          privateSubnetIds: network.privateSubnetIds,
          image: images.get(name)!.uri,
          repositoryArn: images.get(name)!.repositoryArn,
          taskSubnetIds: service.assignPublicIp ? network.publicSubnetIds : undefined,
          permissions: [
            ...(service.modelEndpoint
              ? [{ actions: ['sagemaker:InvokeEndpoint'], resources: [this.modelEndpoint.arn] }]
              : []),
            ...service.permissions,
          ],
          environment: {
            ...service.environment,
            ...(service.modelEndpoint ? { [ENDPOINT_NAME_VARIABLE]: this.modelEndpoint.name } : {}),
            ...(service.submitsJobs
              ? submitterEnvironment(jobs, {
                  region,
                  natMode: network.natMode,
                  roleArn: `arn:${partition}:iam::${accountId}:role/${taskRoleNameOf(name, service, config.namePrefix)}`,
                  hasPublicIp: service.assignPublicIp,
                })
              : {}),
            ...(service.uploadsJobFiles ? pageEnvironment(this, jobs, region) : {}),
            ...addressesOf(calls.get(name) ?? [], services),
          },
          dualStack: config.dualStack,
          logRetentionDays: config.logRetentionDays,
          permissionsBoundaryArn: config.permissionsBoundaryArn,
          ...executeCommandProps(this, config, service),
          deletionProtection: service.exposure === 'none' ? undefined : this.deletionProtection,
          accessLogsForceDestroy: service.accessLogs ? !this.deletionProtection : undefined,
          skipDestroy: this.deletionProtection,
          alarmTopicArn: service.alarms ? (config.alarmTopicArn ?? this.alarmTopic?.arn) : undefined,
        }),
      );
    }
    for (const [name, { submitsJobs }] of servicesOf(config))
      if (submitsJobs) attachSubmitterPolicy(this, name, services.get(name)!, jobs);
    for (const [name, { callers }] of servicesOf(config)) {
      for (const caller of callers) services.get(name)!.allowFrom(services.get(caller)!);
    }
    return services;
  }

  private publishOutputs(configs: [string, ServiceConfig][], images: ReadonlyMap<string, ServiceImage>): void {
    const ofCodeDeploy = configs
      .filter(([, { deploymentController }]) => deploymentController === 'CODE_DEPLOY')
      .map(([name]) => [name, this.services.get(name)!] as const);
    this.publish(computeContract, {
      clusterName: this.cluster.clusterName,
      clusterArn: this.cluster.clusterArn,
      services: Object.fromEntries(
        configs.map(([name, config]) => [name, publishedService(config, this.services.get(name)!, images.get(name)!)]),
      ),
      blueGreen: Object.fromEntries(ofCodeDeploy.map(([name, service]) => [name, publishedBlueGreen(service)])),
      taskNetworks: Object.fromEntries(ofCodeDeploy.map(([name, { service }]) => [name, service.taskNetwork])),
    });
    for (const [name, service] of this.services) {
      if (service.url === undefined) continue;
      new TerraformOutput(this, `${name.replaceAll('-', '_')}_url`, {
        value: service.url,
        description: `Address of ${name}`,
        staticId: true,
      });
    }
    for (const [name, image] of images) image.noteMissingImage(this, name);
  }
}

function makeCluster(
  scope: Construct,
  config: ComputeConfig,
  ownerTags: Readonly<Record<string, string>>,
): ClusterReference {
  if (config.importCluster) return new ImportedEcsCluster(scope, 'cluster', { clusterName: config.clusterName });
  return new EcsCluster(scope, 'cluster', {
    clusterName: prefixed(config, config.clusterName),
    ownerTags,
    containerInsights: config.containerInsights,
    executeCommandLogGroupName: config.executeCommandLogGroupName,
    executeCommandKmsKeyArn: config.executeCommandKmsKeyArn,
    executeCommandLogging: config.executeCommandLogging,
  });
}

/** Others name these roles in policies of buckets, keys and queues; a role that is made again is another one to AWS. */
function protectTaskRoles(services: ReadonlyMap<string, LoadBalancedService>): void {
  for (const { taskDefinition } of services.values())
    taskDefinition.taskRole.lifecycle = { ...taskDefinition.taskRole.lifecycle, preventDestroy: true };
}

function prefixed(config: ComputeConfig, name: string): string {
  return config.namePrefix === undefined ? name : `${config.namePrefix}-${name}`;
}

/**
 * The addresses a service gets of those it calls; resolved lazily, as services may call each other in any order. A lazy
 * value has to be one expression, so Terraform joins text and token.
 */
function addressesOf(
  called: readonly string[],
  services: ReadonlyMap<string, LoadBalancedService>,
): Record<string, string> {
  return Object.fromEntries(
    called.map((name) => [
      urlVariable(name),
      Lazy.stringValue({ produce: () => Fn.join('', [services.get(name)!.url!]) }),
    ]),
  );
}

function publishedService(config: ServiceConfig, service: LoadBalancedService, image: ServiceImage) {
  const { taskDefinition } = service;
  return {
    serviceName: service.service.serviceName,
    containerName: taskDefinition.containerName,
    containerPort: config.containerPort,
    taskDefinitionFamily: service.names.family,
    repositoryName: image.repositoryName,
    imageParameterName: image.parameterName,
    cpuArchitecture: config.cpuArchitecture,
    executionRoleArn: taskDefinition.executionRole.arn,
    taskRoleArn: taskDefinition.taskRole.arn,
    securityGroupId: service.securityGroup.id,
    logGroupName: taskDefinition.logGroup.name,
    url: service.url ?? '',
  };
}

/** What CodeDeploy shifts a service's traffic with. */
function publishedBlueGreen({ loadBalancer, targetGroup, rollbackAlarmNames }: LoadBalancedService) {
  return {
    listenerArn: loadBalancer!.listener.arn,
    testListenerArn: loadBalancer!.testListener?.arn ?? '',
    targetGroupName: targetGroup!.resource.name,
    greenTargetGroupName: targetGroup!.green!.name,
    alarmNames: [...rollbackAlarmNames],
  };
}

/** What a task needs to record and encrypt ECS Exec sessions as the cluster does. */
function executeCommandProps(scope: Construct, config: ComputeConfig, { enableExecuteCommand }: ServiceConfig) {
  if (!enableExecuteCommand) return {};
  const { executeCommandLogGroupName: logGroup, executeCommandKmsKeyArn } = config;
  const { partition, region, accountId } = AwsAccount.of(scope);
  return {
    executeCommandKmsKeyArn,
    executeCommandLogGroupArn:
      logGroup === undefined ? undefined : `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroup}`,
  };
}
