import { EcsService, type EcsServiceConfig } from '@cdktf/provider-aws/lib/ecs-service';
import { isResolved, Problems, requireInteger, requireName, requireOneOf } from '@strata/core';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FargateTaskDefinition } from './fargate-task-definition';
import { SERVICE_NAME } from './names';
import { ServiceSecurityGroup } from './service-security-group';

/** A target group that the tasks are registered in. */
export interface ServiceTargetGroup {
  readonly targetGroupArn: string;
  readonly containerPort: number;
  /** @default the main container */
  readonly containerName?: string;
}

/** A port that other services of the namespace reach through Service Connect. */
export interface ServiceConnectPort {
  /** Name of a port of the task definition. */
  readonly portName: string;
  /** Name that others call it by. @default the port's name */
  readonly dnsName?: string;
  /** Port that others call it on. */
  readonly port: number;
}

/**
 * Who rolls out a new revision. `ECS`: ECS replaces tasks, a few at a time; Terraform or a pipeline names the revision.
 * `CODE_DEPLOY`: CodeDeploy shifts traffic between two target groups; it then owns the service's task definition and
 * target group.
 */
export type DeploymentController = 'ECS' | 'CODE_DEPLOY';

export interface FargateServiceProps {
  readonly serviceName: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  readonly taskDefinition: FargateTaskDefinition;
  readonly vpcId: string;
  /** Subnets that tasks run in, of several zones where the service must survive the loss of one. */
  readonly subnetIds: readonly string[];

  /** @default `<serviceName>-sg` */
  readonly securityGroupName?: string;
  /** Lets the tasks connect to any address; otherwise only to what `securityGroup.allowTo` adds. @default true */
  readonly allowAllEgress?: boolean;
  /** With `allowAllEgress`, opens IPv6 as well. @default false */
  readonly dualStack?: boolean;
  /** Further security groups of the tasks. @default none */
  readonly extraSecurityGroupIds?: readonly string[];
  /** Gives each task a public IPv4 address, for public subnets without NAT; each costs by the hour. @default false */
  readonly assignPublicIp?: boolean;

  /** Tasks to run; only the first value where autoscaling owns the number. 0 to 5000. @default 2 */
  readonly desiredCount?: number;
  /**
   * `autoscaling`: Terraform sets the count when it makes the service and leaves it alone afterwards.
   * @default terraform
   */
  readonly desiredCountOwner?: 'terraform' | 'autoscaling';
  /** Share of tasks on Fargate Spot: its weight against the on-demand weight. 0 to 1000. @default 0: no Spot */
  readonly spotWeight?: number;
  /** Share of tasks on demand: its weight against the Spot weight. 0 to 1000. @default 1 */
  readonly onDemandWeight?: number;
  /** Tasks that run on demand before the weights count. 0 to 100000. @default 0 */
  readonly onDemandBase?: number;
  /** @default LATEST */
  readonly platformVersion?: string;

  /** @default ECS */
  readonly deploymentController?: DeploymentController;
  /** Fails a deployment whose tasks do not become healthy. Only with the controller ECS. @default true */
  readonly circuitBreaker?: boolean;
  /**
   * Goes back to the last revision that was completed when the circuit breaker or an alarm fails a deployment.
   * @default true
   */
  readonly rollback?: boolean;
  /** Names of CloudWatch alarms that fail a deployment while it runs. Only with the controller ECS. @default none */
  readonly deploymentAlarmNames?: readonly string[];
  /** Fewest healthy tasks during a deployment, in percent of the desired count. 0 to 100. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** Most tasks during a deployment, in percent of the desired count. 100 to 200. @default 200 */
  readonly maximumPercent?: number;
  /**
   * Moves tasks when the zones are out of balance; needs a maximum above 100 percent.
   * @default true with the controller ECS and such a maximum
   */
  readonly availabilityZoneRebalancing?: boolean;
  /**
   * Makes Terraform wait until the service is stable. A first apply without an image would wait in vain.
   * @default false
   */
  readonly waitForSteadyState?: boolean;

  /** @default none */
  readonly targetGroups?: readonly ServiceTargetGroup[];
  /**
   * Seconds in which a new task's failed load balancer health checks do not count, 0 to 2147483647.
   * @default 60 with target groups
   */
  readonly healthCheckGracePeriodSeconds?: number;
  /** What must exist first: the listeners that join the target groups with a load balancer. @default none */
  readonly dependsOn?: ITerraformDependable[];
  /** ARN of a Cloud Map service to register the tasks in. @default none */
  readonly cloudMapServiceArn?: string;
  /** ARN of the Cloud Map namespace of Service Connect: the tasks can call its services. @default none */
  readonly serviceConnectNamespaceArn?: string;
  /** Ports that others of the namespace can call. @default none: a client only */
  readonly serviceConnectPorts?: readonly ServiceConnectPort[];

  /** Deletes the service even while it has tasks. @default false: Terraform scales it to zero first */
  readonly forceDelete?: boolean;
  /** Tags of the service, copied to its tasks. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An ECS service on Fargate with a security group of its own. It has no opinion on how it is reached: that is composed
 * around it.
 *
 * What Terraform leaves alone is said by two props and nothing else: `desiredCountOwner: 'autoscaling'` ignores
 * `desired_count`; `deploymentController: 'CODE_DEPLOY'` ignores `task_definition` and `load_balancer`. With the
 * controller `ECS` the task definition is not ignored: it follows the latest revision, see `FargateTaskDefinition`.
 *
 * The capacity is always a strategy of providers, never a launch type, so that Spot can be turned on and off in place
 * (the provider replaces the service otherwise); `force_new_deployment` is what allows that, and acts only when
 * something of the service changes.
 */
export class FargateService extends Construct {
  readonly resource: EcsService;
  readonly securityGroup: ServiceSecurityGroup;
  readonly taskDefinition: FargateTaskDefinition;

  /** @throws ValidationError naming every prop that ECS would refuse. */
  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    check(this, props);

    this.taskDefinition = props.taskDefinition;
    this.securityGroup = new ServiceSecurityGroup(this, 'security-group', {
      name: props.securityGroupName ?? `${props.serviceName}-sg`,
      vpcId: props.vpcId,
      allowAllEgress: props.allowAllEgress,
      dualStack: props.dualStack,
      tags: props.tags,
    });

    const targetGroups = props.targetGroups ?? [];
    const hasTargets = targetGroups.length > 0;
    this.resource = new EcsService(this, 'resource', {
      name: props.serviceName,
      cluster: props.clusterArn,
      taskDefinition: props.taskDefinition.arn,
      desiredCount: props.desiredCount ?? 2,
      platformVersion: props.platformVersion ?? 'LATEST',
      networkConfiguration: {
        subnets: [...props.subnetIds],
        securityGroups: [this.securityGroup.id, ...(props.extraSecurityGroupIds ?? [])],
        assignPublicIp: props.assignPublicIp ?? false,
      },
      loadBalancer: targetGroups.map((group) => ({
        targetGroupArn: group.targetGroupArn,
        containerName: group.containerName ?? props.taskDefinition.containerName,
        containerPort: group.containerPort,
      })),
      healthCheckGracePeriodSeconds: props.healthCheckGracePeriodSeconds ?? (hasTargets ? 60 : undefined),
      deploymentMinimumHealthyPercent: props.minimumHealthyPercent ?? 100,
      deploymentMaximumPercent: props.maximumPercent ?? 200,
      ...(props.deploymentController === 'CODE_DEPLOY' ? CODE_DEPLOY_CONFIG : ecsDeployment(props)),
      serviceRegistries: props.cloudMapServiceArn === undefined ? undefined : { registryArn: props.cloudMapServiceArn },
      serviceConnectConfiguration: serviceConnect(props),
      enableExecuteCommand: props.taskDefinition.enableExecuteCommand,
      enableEcsManagedTags: true,
      // From the service and not the task definition: a pipeline's copy of a revision may lack tags.
      propagateTags: 'SERVICE',
      waitForSteadyState: props.waitForSteadyState ?? false,
      forceDelete: props.forceDelete ?? false,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      dependsOn: props.dependsOn,
      lifecycle: lifecycle(props),
    });
  }

  get serviceName(): string {
    return this.resource.name;
  }

  /**
   * Lets the members of another security group connect to the tasks on one TCP port; see
   * `ServiceSecurityGroup.allowFrom`.
   */
  allowFrom(name: string, securityGroupId: string, port: number): void {
    this.securityGroup.allowFrom(name, securityGroupId, port);
  }
}

type ServiceConfig = Partial<EcsServiceConfig>;

/**
 * CodeDeploy does the rolling out: ECS's own circuit breaker, alarms, forced deployments and rebalancing do not apply.
 */
const CODE_DEPLOY_CONFIG: ServiceConfig = {
  deploymentController: { type: 'CODE_DEPLOY' },
  launchType: 'FARGATE',
  availabilityZoneRebalancing: 'DISABLED',
};

function ecsDeployment(props: FargateServiceProps): ServiceConfig {
  const rollback = props.rollback ?? true;
  const alarmNames = props.deploymentAlarmNames ?? [];
  const circuitBreaker = props.circuitBreaker ?? true;
  const rebalancing = props.availabilityZoneRebalancing ?? rebalancingAllowed(props);
  return {
    deploymentController: { type: 'ECS' },
    deploymentCircuitBreaker: { enable: circuitBreaker, rollback: circuitBreaker && rollback },
    alarms: alarmNames.length === 0 ? undefined : { alarmNames: [...alarmNames], enable: true, rollback },
    capacityProviderStrategy: capacity(props),
    forceNewDeployment: true,
    availabilityZoneRebalancing: rebalancing ? 'ENABLED' : 'DISABLED',
  };
}

function capacity(props: FargateServiceProps): { capacityProvider: string; base?: number; weight: number }[] {
  const spotWeight = props.spotWeight ?? 0;
  const onDemand = { capacityProvider: 'FARGATE', base: props.onDemandBase ?? 0, weight: props.onDemandWeight ?? 1 };
  return spotWeight === 0 ? [onDemand] : [onDemand, { capacityProvider: 'FARGATE_SPOT', base: 0, weight: spotWeight }];
}

function rebalancingAllowed(props: FargateServiceProps): boolean {
  return (props.maximumPercent ?? 200) > 100;
}

function serviceConnect(props: FargateServiceProps): EcsServiceConfig['serviceConnectConfiguration'] {
  if (props.serviceConnectNamespaceArn === undefined) return undefined;
  return {
    enabled: true,
    namespace: props.serviceConnectNamespaceArn,
    service: props.serviceConnectPorts?.map(({ portName, dnsName, port }) => ({
      portName,
      discoveryName: dnsName ?? portName,
      clientAlias: { dnsName: dnsName ?? portName, port },
    })),
  };
}

function lifecycle(props: FargateServiceProps): EcsServiceConfig['lifecycle'] {
  const ignoreChanges = [
    ...(props.desiredCountOwner === 'autoscaling' ? ['desired_count'] : []),
    // AWS answers LATEST with the version that it means, and lets nobody change it where CodeDeploy deploys
    // (https://github.com/aws/containers-roadmap/issues/2840).
    ...(props.deploymentController === 'CODE_DEPLOY' ? ['task_definition', 'load_balancer', 'platform_version'] : []),
  ];
  return ignoreChanges.length === 0 ? undefined : { ignoreChanges };
}

function check(scope: Construct, props: FargateServiceProps): void {
  const problems = new Problems(scope);
  requireName(problems, 'serviceName', props.serviceName, SERVICE_NAME);
  if (isResolved(props.subnetIds))
    problems.check(
      props.subnetIds.length > 0,
      'subnetIds: an empty list gives tasks no place; name at least one subnet',
    );
  problems.check(
    (props.extraSecurityGroupIds?.length ?? 0) <= 4,
    `extraSecurityGroupIds: ${props.extraSecurityGroupIds?.length} groups are too many; a task has at most ` +
      `5, one of which is the service's own`,
  );
  requireInteger(problems, 'desiredCount', props.desiredCount, { min: 0, max: 5000, unit: 'tasks' });
  requireOneOf(problems, 'desiredCountOwner', props.desiredCountOwner, ['terraform', 'autoscaling']);
  requireInteger(problems, 'spotWeight', props.spotWeight, { min: 0, max: 1000 });
  requireInteger(problems, 'onDemandWeight', props.onDemandWeight, { min: 0, max: 1000 });
  requireInteger(problems, 'onDemandBase', props.onDemandBase, { min: 0, max: 100000, unit: 'tasks' });
  problems.check(
    (props.onDemandWeight ?? 1) !== 0 || (props.spotWeight ?? 0) !== 0,
    'onDemandWeight: 0 leaves no capacity provider for tasks beyond the base; give it or spotWeight a weight ' +
      'of at least 1',
  );
  requireOneOf(problems, 'deploymentController', props.deploymentController, ['ECS', 'CODE_DEPLOY']);
  requireInteger(problems, 'minimumHealthyPercent', props.minimumHealthyPercent, { min: 0, max: 100, unit: 'percent' });
  requireInteger(problems, 'maximumPercent', props.maximumPercent, { min: 100, max: 200, unit: 'percent' });
  problems.check(
    props.maximumPercent !== 100 || (props.minimumHealthyPercent ?? 100) < 100,
    'maximumPercent: 100 with a minimumHealthyPercent of 100 leaves ECS no room to replace a task; lower the ' +
      'minimum or raise the maximum',
  );
  problems.check(
    props.availabilityZoneRebalancing !== true || rebalancingAllowed(props),
    'availabilityZoneRebalancing: ECS rebalances only with a maximumPercent above 100, not ' +
      `${props.maximumPercent}; raise it, or turn rebalancing off`,
  );
  checkTargets(problems, props);
  if (props.serviceConnectNamespaceArn === undefined) {
    problems.check(
      (props.serviceConnectPorts ?? []).length === 0,
      'serviceConnectPorts: Service Connect needs a namespace; give serviceConnectNamespaceArn',
    );
  }
  props.serviceConnectPorts?.forEach((port, i) => {
    requireInteger(problems, `serviceConnectPorts[${i}].port`, port.port, { min: 1, max: 65535 });
  });
  if (props.deploymentController === 'CODE_DEPLOY') checkCodeDeploy(problems, props);
  problems.throwIfAny();
}

function checkTargets(problems: Problems, props: FargateServiceProps): void {
  requireInteger(problems, 'healthCheckGracePeriodSeconds', props.healthCheckGracePeriodSeconds, {
    min: 0,
    max: 2147483647,
    unit: 'seconds',
  });
  const targetGroups = props.targetGroups ?? [];
  problems.check(
    props.healthCheckGracePeriodSeconds === undefined || targetGroups.length > 0,
    'healthCheckGracePeriodSeconds: without a target group there is no load balancer health check to wait ' +
      'for; leave it out, or give targetGroups',
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
        `${known.map((p) => `${p.containerName}:${p.containerPort}`).join(', ') || 'its ports: it has none yet'}`,
    );
  }
}

function checkCodeDeploy(problems: Problems, props: FargateServiceProps): void {
  const only = 'only with the deploymentController "ECS"; leave it out, or change the controller';
  problems.check(props.circuitBreaker !== true, `circuitBreaker: ECS watches deployments ${only}`);
  problems.check((props.deploymentAlarmNames ?? []).length === 0, `deploymentAlarmNames: ECS watches alarms ${only}`);
  problems.check(props.availabilityZoneRebalancing !== true, `availabilityZoneRebalancing: ECS rebalances ${only}`);
  problems.check((props.spotWeight ?? 0) === 0, `spotWeight: tasks are mixed with Spot ${only}`);
  problems.check(
    props.serviceConnectNamespaceArn === undefined,
    `serviceConnectNamespaceArn: Service Connect works ${only}`,
  );
  problems.check(
    (props.targetGroups ?? []).length === 1,
    `targetGroups: ${(props.targetGroups ?? []).length} are given; CodeDeploy starts from exactly one and ` +
      'shifts traffic to its second',
  );
}
