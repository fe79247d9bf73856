import { EcsService, type EcsServiceConfig } from '@cdktf/provider-aws/lib/ecs-service';
import { addProblems, checkOptions, isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FargateTaskDefinition } from './fargate-task-definition';
import { SERVICE_NAME } from './names';
import { fargateServiceOptions, fargateServiceProblems, type FargateServiceOptions } from './service-options';
import { ServiceSecurityGroup } from './service-security-group';

/** A target group that the tasks are registered in. */
export interface ServiceTargetGroup {
  readonly targetGroupArn: string;
  readonly containerPort: number;
  /** @default the main container */
  readonly containerName?: string;
}

/** Where tasks run. */
export interface TaskNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
  readonly platformVersion: string;
}

export interface FargateServiceProps extends FargateServiceOptions {
  readonly serviceName: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  readonly taskDefinition: FargateTaskDefinition;
  readonly vpcId: string;
  /** Subnets of the tasks; use several zones if the service must survive the loss of one. */
  readonly subnetIds: readonly string[];

  /** @default `<serviceName>-sg` */
  readonly securityGroupName?: string;

  /** Number of tasks, 0 to 5000; only the initial number if autoscaling owns it. @default 2 */
  readonly desiredCount?: number;
  /**
   * `autoscaling`: Terraform sets the count when it creates the service and ignores it afterwards.
   * @default terraform
   */
  readonly desiredCountOwner?: 'terraform' | 'autoscaling';

  /** Target groups that the tasks are registered in, at most 5. @default none */
  readonly targetGroups?: readonly ServiceTargetGroup[];
  /** What must exist first: the listeners that attach the target groups to a load balancer. @default none */
  readonly dependsOn?: ITerraformDependable[];
  /** Tags of the service, copied to its tasks. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An ECS service on Fargate with its own security group. It makes no assumption about how it is reached: compose a load
 * balancer around it.
 *
 * Only two props decide what Terraform ignores: `desiredCountOwner: 'autoscaling'` ignores `desired_count`;
 * `deploymentController: 'CODE_DEPLOY'` ignores `task_definition`, `load_balancer`, `network_configuration`,
 * `platform_version` and `enable_execute_command`, which ECS lets only CodeDeploy change. With the controller `ECS` the
 * task definition is not ignored: it follows the latest revision, see `FargateTaskDefinition`.
 *
 * The service always uses a capacity provider strategy, never a launch type, so that Spot can be turned on and off in
 * place (the provider replaces the service otherwise). `force_new_deployment` allows that; it takes effect only when
 * the service changes.
 */
export class FargateService extends Construct {
  readonly resource: EcsService;
  readonly securityGroup: ServiceSecurityGroup;
  readonly taskDefinition: FargateTaskDefinition;
  /**
   * Where the tasks run, as an AppSpec spells it: CodeDeploy gives it to the tasks that it starts, and ECS refuses to
   * change it on a service of CodeDeploy's.
   */
  readonly taskNetwork: TaskNetwork;

  /** @throws ValidationError naming every prop that ECS would reject. */
  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    check(this, props);
    const options = withDefaults(fargateServiceOptions, props);

    this.taskDefinition = options.taskDefinition;
    this.securityGroup = new ServiceSecurityGroup(this, 'security-group', {
      name: options.securityGroupName ?? `${options.serviceName}-sg`,
      vpcId: options.vpcId,
      allowAllEgress: options.allowAllEgress,
      dualStack: options.dualStack,
      tags: options.tags,
    });

    this.taskNetwork = {
      subnetIds: options.subnetIds,
      securityGroupIds: [this.securityGroup.id, ...options.extraSecurityGroupIds],
      assignPublicIp: options.assignPublicIp ? 'ENABLED' : 'DISABLED',
      platformVersion: options.platformVersion,
    };

    const targetGroups = options.targetGroups ?? [];
    const hasTargets = targetGroups.length > 0;
    this.resource = new EcsService(this, 'resource', {
      name: options.serviceName,
      cluster: options.clusterArn,
      taskDefinition: options.taskDefinition.arn,
      desiredCount: options.desiredCount ?? 2,
      platformVersion: options.platformVersion,
      networkConfiguration: {
        subnets: [...options.subnetIds],
        securityGroups: [this.securityGroup.id, ...options.extraSecurityGroupIds],
        assignPublicIp: options.assignPublicIp,
      },
      loadBalancer: targetGroups.map((group) => ({
        targetGroupArn: group.targetGroupArn,
        containerName: group.containerName ?? options.taskDefinition.containerName,
        containerPort: group.containerPort,
      })),
      healthCheckGracePeriodSeconds: options.healthCheckGracePeriodSeconds ?? (hasTargets ? 60 : undefined),
      deploymentMinimumHealthyPercent: options.minimumHealthyPercent,
      deploymentMaximumPercent: options.maximumPercent,
      ...(options.deploymentController === 'CODE_DEPLOY' ? CODE_DEPLOY_CONFIG : ecsDeployment(options)),
      serviceRegistries:
        options.cloudMapServiceArn === undefined ? undefined : { registryArn: options.cloudMapServiceArn },
      serviceConnectConfiguration: serviceConnect(options),
      enableExecuteCommand: options.taskDefinition.enableExecuteCommand,
      enableEcsManagedTags: true,
      // Propagate tags from the service, not the task definition: a pipeline's copy of a revision may lack tags.
      propagateTags: 'SERVICE',
      waitForSteadyState: options.waitForSteadyState,
      forceDelete: options.forceDelete,
      tags: options.tags === undefined ? undefined : { ...options.tags },
      dependsOn: options.dependsOn,
      lifecycle: lifecycle(options),
    });
  }

  get serviceName(): string {
    return this.resource.name;
  }

  /**
   * Lets the members of another security group connect to the tasks, on one TCP port or on all; see
   * `ServiceSecurityGroup.allowFrom`.
   */
  allowFrom(name: string, securityGroupId: string, port?: number): void {
    this.securityGroup.allowFrom(name, securityGroupId, port);
  }
}

type ServiceConfig = Partial<EcsServiceConfig>;
type ResolvedProps = ReturnType<typeof withDefaults<typeof fargateServiceOptions.shape, FargateServiceProps>>;

/**
 * CodeDeploy rolls out revisions: ECS's own circuit breaker, alarms, forced deployments and rebalancing do not apply.
 */
const CODE_DEPLOY_CONFIG: ServiceConfig = {
  deploymentController: { type: 'CODE_DEPLOY' },
  launchType: 'FARGATE',
  availabilityZoneRebalancing: 'DISABLED',
};

function ecsDeployment(props: ResolvedProps): ServiceConfig {
  const { rollback, deploymentAlarmNames: alarmNames } = props;
  const circuitBreaker = props.circuitBreaker ?? true;
  const rebalancing = props.availabilityZoneRebalancing ?? props.maximumPercent > 100;
  return {
    deploymentController: { type: 'ECS' },
    deploymentCircuitBreaker: { enable: circuitBreaker, rollback: circuitBreaker && rollback },
    alarms: alarmNames.length === 0 ? undefined : { alarmNames: [...alarmNames], enable: true, rollback },
    capacityProviderStrategy: capacity(props),
    forceNewDeployment: true,
    availabilityZoneRebalancing: rebalancing ? 'ENABLED' : 'DISABLED',
  };
}

function capacity({ spotPercent, onDemandBase }: ResolvedProps) {
  if (spotPercent === 0) return [{ capacityProvider: 'FARGATE', base: 0, weight: 1 }];
  return [
    { capacityProvider: 'FARGATE', base: onDemandBase, weight: 100 - spotPercent },
    { capacityProvider: 'FARGATE_SPOT', base: 0, weight: spotPercent },
  ];
}

function serviceConnect(props: ResolvedProps): EcsServiceConfig['serviceConnectConfiguration'] {
  if (props.serviceConnectNamespaceArn === undefined) return undefined;
  return {
    enabled: true,
    namespace: props.serviceConnectNamespaceArn,
    service:
      props.serviceConnectPorts.length === 0
        ? undefined
        : props.serviceConnectPorts.map(({ portName, dnsName, port }) => ({
            portName,
            discoveryName: dnsName ?? portName,
            clientAlias: { dnsName: dnsName ?? portName, port },
          })),
  };
}

/**
 * What UpdateService refuses under CodeDeploy
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html); AWS also answers the actual
 * platform version for LATEST (https://github.com/aws/containers-roadmap/issues/2840).
 */
const OF_CODE_DEPLOY = [
  'task_definition',
  'load_balancer',
  'network_configuration',
  'platform_version',
  'enable_execute_command',
];

function lifecycle(props: FargateServiceProps): EcsServiceConfig['lifecycle'] {
  const ignoreChanges = [
    ...(props.desiredCountOwner === 'autoscaling' ? ['desired_count'] : []),
    ...(props.deploymentController === 'CODE_DEPLOY' ? OF_CODE_DEPLOY : []),
  ];
  return ignoreChanges.length === 0 ? undefined : { ignoreChanges };
}

function check(scope: Construct, props: FargateServiceProps): void {
  const problems = new Problems(scope);
  checkName(problems, 'serviceName', props.serviceName, SERVICE_NAME);
  if (isResolved(props.subnetIds))
    problems.check(props.subnetIds.length > 0, 'subnetIds: tasks need at least one subnet; add one');
  checkInteger(problems, 'desiredCount', props.desiredCount, { min: 0, max: 5000, unit: 'tasks' });
  checkOneOf(problems, 'desiredCountOwner', props.desiredCountOwner, ['terraform', 'autoscaling']);
  checkOptions(problems, fargateServiceOptions, props);
  addProblems(problems, fargateServiceProblems(props, isResolved));
  checkTargets(problems, props);
  const groups = (props.targetGroups ?? []).length;
  problems.check(
    props.deploymentController !== 'CODE_DEPLOY' || groups === 1,
    `targetGroups: ${groups} are set; CodeDeploy starts with exactly one and shifts traffic to its green twin`,
  );
  problems.throwIfAny();
}

function checkTargets(problems: Problems, props: FargateServiceProps): void {
  const targetGroups = props.targetGroups ?? [];
  problems.check(
    props.healthCheckGracePeriodSeconds === undefined || targetGroups.length > 0,
    'healthCheckGracePeriodSeconds: without a target group there is no load balancer health check to wait for; ' +
      'leave it out, or set targetGroups',
  );
  problems.check(
    targetGroups.length <= 5,
    `targetGroups: ${targetGroups.length} are too many; a service has at most 5`,
  );
  const known = props.taskDefinition.containerPorts;
  for (const { containerName = props.taskDefinition.containerName, containerPort } of targetGroups) {
    if (!isResolved(containerPort) || !isResolved(containerName)) continue;
    problems.check(
      known.some((port) => port.containerName === containerName && port.containerPort === containerPort),
      `targetGroups: container "${containerName}" has no port ${containerPort}; use one of ` +
        `${known.map((p) => `${p.containerName}:${p.containerPort}`).join(', ') || 'its ports; it has none yet'}`,
    );
  }
}
