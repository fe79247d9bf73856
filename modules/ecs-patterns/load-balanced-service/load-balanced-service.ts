import {
  ApplicationLoadBalancer,
  TargetGroup,
  type ApplicationLoadBalancerProps,
  type TargetGroupProps,
} from '@strata/elb';
import {
  type ContainerDependency,
  type EgressPeer,
  FargateService,
  type FargateServiceProps,
  FargateTaskDefinition,
  type FargateTaskDefinitionProps,
  ServiceAutoscaling,
  type ServiceAutoscalingProps,
} from '@strata/ecs';
import { ServiceAlarms, type ServiceAlarmsProps } from '../service-alarms';
import {
  isResolved,
  Problems,
  requireInteger,
  requireName,
  requireOneOf,
  ValidationError,
  type NameRule,
} from '@strata/core';
import { Construct } from 'constructs';
import { checkServiceNames, serviceNames, type Exposure, type ServiceNames } from './service-names';

const NAME: NameRule = {
  what: 'service name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  allowed: 'letters, digits and hyphens, not starting or ending with a hyphen',
};

type TaskProps = Omit<FargateTaskDefinitionProps, 'family' | 'containerName' | 'ports' | 'dependsOn' | 'tags'>;
type RunProps = Omit<
  FargateServiceProps,
  | 'serviceName'
  | 'taskDefinition'
  | 'subnetIds'
  | 'desiredCountOwner'
  | 'targetGroups'
  | 'dependsOn'
  | 'securityGroupName'
  | 'tags'
>;
type ScalingProps = Omit<
  ServiceAutoscalingProps,
  'clusterName' | 'serviceName' | 'albResourceLabel' | 'policyName' | 'tags'
>;

/** Options of the load balancer and its target group that a service takes over as they are. */
const LOAD_BALANCER_OPTIONS = [
  'allowedCidrs',
  'allowedPrefixListIds',
  'certificateArn',
  'certificate',
  'additionalCertificateArns',
  'tlsPolicy',
  'record',
  'testListenerPort',
  'testListenerAllowedCidrs',
  'idleTimeoutSeconds',
  'desyncMitigationMode',
  'dropInvalidHeaderFields',
  'http2',
  'deletionProtection',
  'webAclArn',
  'accessLogs',
  'accessLogsBucketName',
  'accessLogsPrefix',
  'accessLogsExpirationDays',
  'accessLogsForceDestroy',
] as const satisfies readonly (keyof ApplicationLoadBalancerProps)[];
const TARGET_GROUP_OPTIONS = [
  'protocolVersion',
  'healthCheckPath',
  'healthCheckMatcher',
  'healthCheckIntervalSeconds',
  'healthCheckTimeoutSeconds',
  'healthyThresholdCount',
  'unhealthyThresholdCount',
  'deregistrationDelaySeconds',
  'slowStartSeconds',
  'algorithm',
  'stickinessSeconds',
] as const satisfies readonly (keyof TargetGroupProps)[];

type LoadBalancerProps = Pick<ApplicationLoadBalancerProps, (typeof LOAD_BALANCER_OPTIONS)[number]>;
type TargetProps = Pick<TargetGroupProps, (typeof TARGET_GROUP_OPTIONS)[number]>;
type AlarmProps = Pick<
  ServiceAlarmsProps,
  | 'minRunningTasks'
  | 'cpuHighPercent'
  | 'memoryHighPercent'
  | 'loadBalancer5xxPercent'
  | 'target5xxPercent'
  | 'minRequestsPerMinute'
  | 'p99ResponseTimeSeconds'
  | 'maxUnhealthyHosts'
  | 'noHealthyHost'
  | 'maxRejectedConnections'
  | 'notifyOnRecovery'
>;

/**
 * What runs (as in `FargateTaskDefinition`), how it runs (`FargateService`), how it is reached
 * (`ApplicationLoadBalancer`, `TargetGroup`), how many of it run (`ServiceAutoscaling`) and what is watched
 * (`ServiceAlarms`): their options are options here, with their defaults. Each name of `ServiceNames` can be given; it
 * follows from `name` otherwise.
 */
export interface LoadBalancedServiceProps
  extends TaskProps, RunProps, ScalingProps, LoadBalancerProps, TargetProps, AlarmProps, Partial<ServiceNames> {
  /** Name that the others follow from, such as `app-web`. */
  readonly name: string;
  /** Put before every name but the container's, with a hyphen. @default none */
  readonly namePrefix?: string;
  readonly exposure: Exposure;
  /** Name of the cluster whose ARN is `clusterArn`; autoscaling and alarms go by it. */
  readonly clusterName: string;

  /** Subnets of a public load balancer, in at least two zones. @default none: needed when `exposure` is public */
  readonly publicSubnetIds?: readonly string[];
  /** Subnets of the tasks and of an internal load balancer, in at least two zones. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Other subnets for the tasks: public ones together with `assignPublicIp`, in a network without NAT.
   * @default `privateSubnetIds`
   */
  readonly taskSubnetIds?: readonly string[];

  /** Port the main container listens on. @default none: needed unless `exposure` is none */
  readonly port?: number;
  /** What the main container waits for within the task. @default nothing */
  readonly containerDependsOn?: readonly ContainerDependency[];
  /**
   * Security groups that may call an internal service, id by name; for a service in the same stack use `allowFrom`.
   * @default none
   */
  readonly callers?: Readonly<Record<string, string>>;

  /** Whether autoscaling owns the number of tasks. @default true */
  readonly autoscaling?: boolean;
  /** Whether there are alarms; they are billed. @default true with `alarmTopicArn`, else false */
  readonly alarms?: boolean;
  /** ARN of the SNS topic that alarms tell. @default with `alarms`, a topic made here with a KMS key of its own */
  readonly alarmTopicArn?: string;
  /** Addresses that the topic made here mails. @default none */
  readonly alarmEmailAddresses?: readonly string[];
  /**
   * Whether alarms that a bad revision raises fail a deployment.
   * @default true with alarms, a load balancer and the controller ECS
   */
  readonly deploymentAlarms?: boolean;

  /** Tags of everything made here. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Who calls a service: a `LoadBalancedService`, or only a name and a security group. */
export interface Caller {
  readonly name: string;
  readonly securityGroup: {
    readonly id: string;
    /** Opens the caller's side, where its egress is closed. */
    allowTo?(name: string, peer: EgressPeer, port: number): void;
  };
}

/**
 * One service, isolated from its neighbours in the cluster: its own task size, security group, roles, log group, load
 * balancer and scaling.
 *
 * `public`: an internet-facing load balancer in the public subnets, open to any address unless `allowedCidrs` or
 * `allowedPrefixListIds` say who. `internal`: one in the private subnets, closed but to `callers` and `allowFrom`.
 * `none`: no load balancer, a worker. In each case only the load balancer reaches the tasks.
 */
export class LoadBalancedService extends Construct implements Caller {
  readonly name: string;
  readonly exposure: Exposure;
  readonly names: ServiceNames;
  /** `undefined` for a worker. */
  readonly loadBalancer?: ApplicationLoadBalancer;
  /** `undefined` for a worker. */
  readonly targetGroup?: TargetGroup;
  readonly taskDefinition: FargateTaskDefinition;
  readonly service: FargateService;
  readonly autoscaling?: ServiceAutoscaling;
  readonly alarms?: ServiceAlarms;

  /**
   * @throws ValidationError naming every prop, and every name that follows, that AWS would refuse or that contradicts
   * another.
   */
  constructor(scope: Construct, id: string, props: LoadBalancedServiceProps) {
    super(scope, id);
    this.name = props.name;
    this.exposure = props.exposure;
    this.names = chooseNames(props);
    check(this, props, this.names);
    const { names } = this;
    const codeDeploy = props.deploymentController === 'CODE_DEPLOY';

    if (props.exposure !== 'none') {
      this.targetGroup = new TargetGroup(this, 'targets', {
        ...pick(props, TARGET_GROUP_OPTIONS),
        name: names.targetGroupName,
        vpcId: props.vpcId,
        port: props.port!,
        blueGreen: codeDeploy,
        tags: props.tags,
      });
      const isPublic = props.exposure === 'public';
      this.loadBalancer = new ApplicationLoadBalancer(this, 'load-balancer', {
        ...pick(props, LOAD_BALANCER_OPTIONS),
        name: names.loadBalancerName,
        securityGroupName: names.loadBalancerSecurityGroupName,
        vpcId: props.vpcId,
        internetFacing: isPublic,
        subnetIds: isPublic ? props.publicSubnetIds! : props.privateSubnetIds,
        ipAddressType: (props.dualStack ?? false) ? 'dualstack' : 'ipv4',
        allowedCidrs:
          props.allowedCidrs ??
          (isPublic && props.allowedPrefixListIds === undefined ? anywhere(props.dualStack ?? false) : []),
        targets: this.targetGroup,
        tags: props.tags,
      });
      for (const [name, securityGroupId] of Object.entries(props.callers ?? {}))
        this.allowFrom({ name, securityGroup: { id: securityGroupId } });
    }

    if (props.alarms ?? props.alarmTopicArn !== undefined) {
      this.alarms = new ServiceAlarms(this, 'alarms', {
        ...props,
        name: this.fullName(props),
        // The name and not the service's attribute: the service refers to the alarms.
        serviceName: names.serviceName,
        minRunningTasks: props.minRunningTasks ?? (props.minCapacity === 0 || props.desiredCount === 0 ? false : 1),
        loadBalancerArnSuffix: this.loadBalancer?.arnSuffix,
        targetGroupArnSuffix: this.targetGroup?.arnSuffix,
        greenTargetGroupArnSuffix: this.targetGroup?.green?.arnSuffix,
        topicArn: props.alarmTopicArn,
        emailAddresses: props.alarmEmailAddresses,
      });
    }
    const ownDeploymentAlarms =
      (props.deploymentAlarms ?? !codeDeploy) ? (this.alarms?.deploymentAlarmNames ?? []) : [];

    this.taskDefinition = new FargateTaskDefinition(this, 'task-definition', {
      ...props,
      family: names.family,
      containerName: names.containerName,
      taskRoleName: names.taskRoleName,
      executionRoleName: names.executionRoleName,
      logGroupName: names.logGroupName,
      ports: props.port !== undefined ? [{ containerPort: props.port }] : undefined,
      dependsOn: props.containerDependsOn,
    });
    const scales = props.autoscaling ?? true;
    this.service = new FargateService(this, 'service', {
      ...props,
      serviceName: names.serviceName,
      securityGroupName: names.securityGroupName,
      taskDefinition: this.taskDefinition,
      subnetIds: props.taskSubnetIds ?? props.privateSubnetIds,
      desiredCount: desiredCount(props),
      desiredCountOwner: scales ? 'autoscaling' : 'terraform',
      deploymentAlarmNames: [...(props.deploymentAlarmNames ?? []), ...ownDeploymentAlarms],
      targetGroups: this.targetGroup && [{ targetGroupArn: this.targetGroup.arn, containerPort: props.port! }],
      // ECS refuses a target group that no listener joins with a load balancer.
      dependsOn: this.loadBalancer?.listeners,
    });
    if (this.loadBalancer !== undefined) {
      this.service.allowFrom('load-balancer', this.loadBalancer.securityGroup.id, props.port!);
      this.loadBalancer.allowTo('tasks', this.service.securityGroup.id, props.port!);
    }

    if (scales) {
      this.autoscaling = new ServiceAutoscaling(this, 'autoscaling', {
        ...props,
        serviceName: this.service.serviceName,
        policyName: names.autoscalingPolicyName,
        albResourceLabel:
          props.requestsPerTarget !== undefined
            ? `${this.loadBalancer!.arnSuffix}/${this.targetGroup!.arnSuffix}`
            : undefined,
      });
    }
  }

  /** The security group of the tasks: what they may reach is opened here. */
  get securityGroup(): FargateService['securityGroup'] {
    return this.service.securityGroup;
  }

  /** Where callers reach the service; `undefined` for a worker. */
  get url(): string | undefined {
    return this.loadBalancer?.url;
  }

  /**
   * Lets a caller's security group reach this internal service's load balancer, on the port that serves and no other;
   * where the caller's own egress is closed, that side is opened too.
   *
   * @throws ValidationError when the service is public (callers would arrive by their NAT's address, not their group),
   *   a worker, or already lets the caller in.
   */
  allowFrom(caller: Caller): void {
    if (this.loadBalancer === undefined) {
      throw new ValidationError(
        this,
        `exposure: "none" has no load balancer for "${caller.name}" to call; make it internal`,
      );
    }
    if (this.exposure === 'public') {
      throw new ValidationError(
        this,
        `exposure: "public" cannot let in the security group of "${caller.name}", whose calls arrive from ` +
          'outside; make it internal, or use allowedCidrs',
      );
    }
    this.loadBalancer.allowFrom(caller.name, { securityGroupId: caller.securityGroup.id });
    caller.securityGroup.allowTo?.(
      this.name,
      { securityGroupId: this.loadBalancer.securityGroup.id },
      this.loadBalancer.port,
    );
  }

  private fullName(props: LoadBalancedServiceProps): string {
    return props.namePrefix === undefined ? props.name : `${props.namePrefix}-${props.name}`;
  }
}

function chooseNames(props: LoadBalancedServiceProps): ServiceNames {
  const derived = serviceNames(props.name, props.namePrefix);
  return {
    loadBalancerName: props.loadBalancerName ?? derived.loadBalancerName,
    loadBalancerSecurityGroupName: props.loadBalancerSecurityGroupName ?? derived.loadBalancerSecurityGroupName,
    targetGroupName: props.targetGroupName ?? derived.targetGroupName,
    securityGroupName: props.securityGroupName ?? derived.securityGroupName,
    family: props.family ?? derived.family,
    containerName: props.containerName ?? derived.containerName,
    serviceName: props.serviceName ?? derived.serviceName,
    taskRoleName: props.taskRoleName ?? derived.taskRoleName,
    executionRoleName: props.executionRoleName ?? derived.executionRoleName,
    logGroupName: props.logGroupName ?? derived.logGroupName,
    autoscalingPolicyName: props.autoscalingPolicyName ?? derived.autoscalingPolicyName,
  };
}

function desiredCount(props: LoadBalancedServiceProps): number {
  return props.desiredCount ?? ((props.autoscaling ?? true) ? props.minCapacity : undefined) ?? 2;
}

function anywhere(dualStack: boolean): string[] {
  return dualStack ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

function check(scope: Construct, props: LoadBalancedServiceProps, names: ServiceNames): void {
  const problems = new Problems(scope);
  const codeDeploy = props.deploymentController === 'CODE_DEPLOY';
  problems.check(isResolved(props.name), 'name: the name is known only to Terraform; give a text');
  requireName(problems, 'name', props.name, NAME);
  requireName(problems, 'namePrefix', props.namePrefix, { ...NAME, what: 'name prefix' });
  requireOneOf(problems, 'exposure', props.exposure, ['public', 'internal', 'none']);
  checkServiceNames(problems, names, props.exposure, codeDeploy);

  if (props.exposure === 'none') {
    const given = [
      ...LOAD_BALANCER_OPTIONS,
      ...TARGET_GROUP_OPTIONS,
      'callers',
      'requestsPerTarget',
      'healthCheckGracePeriodSeconds',
    ] as const;
    for (const key of given)
      problems.check(
        props[key] === undefined,
        `${key}: given for a service without a load balancer; leave it out, or make exposure public or internal`,
      );
    problems.check(
      !codeDeploy,
      'deploymentController: "CODE_DEPLOY" shifts traffic, and a service with exposure "none" has none; use ECS',
    );
  } else {
    problems.check(
      props.port !== undefined,
      `port: missing, and exposure "${props.exposure}" needs the port that the container listens on`,
    );
    problems.check(
      props.port === undefined || isResolved(props.port),
      'port: the port is known only to Terraform; give a number',
    );
  }
  requireInteger(problems, 'port', props.port, { min: 1, max: 65535 });
  if (props.exposure === 'public') {
    problems.check(
      props.publicSubnetIds !== undefined,
      'publicSubnetIds: missing, and exposure "public" needs subnets for its load balancer',
    );
    problems.check(
      props.callers === undefined,
      'callers: given for a public service, which callers reach from outside and not by their security ' +
        'group; make exposure internal, or use allowedCidrs',
    );
  }
  problems.check(
    !codeDeploy || props.requestsPerTarget === undefined,
    `requestsPerTarget: ${props.requestsPerTarget} cannot be followed while CodeDeploy changes the target ` +
      'group; leave it out, or use the deploymentController ECS',
  );

  const scaling = [
    'minCapacity',
    'maxCapacity',
    'cpuTargetPercent',
    'memoryTargetPercent',
    'requestsPerTarget',
    'schedules',
  ] as const;
  if (props.autoscaling === false) {
    for (const key of scaling)
      problems.check(
        props[key] === undefined,
        `${key}: given with autoscaling false; leave it out, or turn autoscaling on`,
      );
  } else {
    const [min, max, desired] = [props.minCapacity ?? 2, props.maxCapacity ?? 4, desiredCount(props)];
    problems.check(
      !isResolved(desired) || !isResolved(min) || !isResolved(max) || (desired >= min && desired <= max),
      `desiredCount: ${desired} is not from minCapacity ${min} to maxCapacity ${max}; choose one within, or ` +
        'move the bounds',
    );
  }
  const alarms = props.alarms ?? props.alarmTopicArn !== undefined;
  problems.check(
    props.alarms !== false || props.alarmTopicArn === undefined,
    'alarmTopicArn: given with alarms false; leave it out, or turn alarms on',
  );
  problems.check(
    props.alarmEmailAddresses === undefined || (alarms && props.alarmTopicArn === undefined),
    'alarmEmailAddresses: they are subscribed to a topic made here; set alarms and give no alarmTopicArn, or ' +
      'subscribe them where the topic is made',
  );
  problems.check(
    props.deploymentAlarms !== true || (alarms && props.exposure !== 'none' && !codeDeploy),
    'deploymentAlarms: they need alarms, a load balancer and the deploymentController ECS; leave it out, or ' +
      'give all three',
  );
  problems.throwIfAny();
}
