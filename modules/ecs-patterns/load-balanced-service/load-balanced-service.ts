import { ApplicationLoadBalancer, TargetGroup } from '@strata/elb';
import { type EgressPeer, FargateService, FargateTaskDefinition, ServiceAutoscaling } from '@strata/ecs';
import { loadBalancerOptions, targetGroupOptions } from '@strata/elb/rules';
import { ServiceAlarms } from '../service-alarms';
import {
  addProblems,
  AwsAccount,
  checkOptions,
  isResolved,
  Problems,
  checkName,
  ValidationError,
  type NameRule,
} from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import { Construct } from 'constructs';
import { checkServiceNames, serviceNames, type ServiceNames } from './service-names';
import {
  initialTasks,
  serviceOptions,
  serviceProblems,
  taskOf,
  type Exposure,
  type ServiceHttps,
  type ServiceOptions,
} from './service-options';

const NAME: NameRule = {
  what: 'service name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  allowed: 'letters, digits and hyphens, not starting or ending with a hyphen',
};

/**
 * Every option of the service (`ServiceOptions`), where it runs, and its names. Each name in `ServiceNames` can be set;
 * otherwise it is derived from `name`.
 */
export interface LoadBalancedServiceProps extends ServiceOptions, Partial<ServiceNames> {
  /** Name from which the others are derived, such as `app-web`. */
  readonly name: string;
  /** Prefix of every name but the container's, followed by a hyphen. @default none */
  readonly namePrefix?: string;
  /** Image URI of the container, with a tag or digest. */
  readonly image: string;
  /**
   * ARN of the ECR repository of the image: the execution role may pull from it, and from those of the sidecars.
   * @default none: a public image
   */
  readonly repositoryArn?: string;

  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Name of that cluster; autoscaling and alarms refer to it. */
  readonly clusterName: string;
  /** Id of the VPC that contains all subnets. */
  readonly vpcId: string;
  /** Subnets of a public load balancer, in at least two zones. @default none; required if `exposure` is public */
  readonly publicSubnetIds?: readonly string[];
  /** Subnets of the tasks and of an internal load balancer, in at least two zones. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Other subnets for the tasks: public ones together with `assignPublicIp`, in a network without NAT.
   * @default `privateSubnetIds`
   */
  readonly taskSubnetIds?: readonly string[];

  /** ARN of the SNS topic that alarms notify. @default with `alarms`, a topic created here with a KMS key */
  readonly alarmTopicArn?: string;
  /** Email addresses subscribed to the topic created here. @default none */
  readonly alarmEmailAddresses?: readonly string[];
}

/** Who calls a service: a `LoadBalancedService`, or only a name and a security group. */
export interface Caller {
  readonly name: string;
  readonly securityGroup: {
    readonly id: string;
    /** Opens the caller's egress, if it is closed. */
    allowTo?(name: string, peer: EgressPeer, port: number): void;
  };
}

/**
 * One service, isolated from its neighbours in the cluster: its own task size, security group, roles, log group, load
 * balancer and scaling.
 *
 * `public`: an internet-facing load balancer in the public subnets, open to any address unless `ingressCidrs` or
 * `ingressPrefixListIds` restrict it. `internal`: one in the private subnets, open only to `callerSecurityGroupIds` and
 * `allowFrom`. `none`: no load balancer, a worker. In each case only the load balancer reaches the tasks, on any port.
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
   * Names of the alarms that roll a deployment back, with `rollBackOnAlarms`. ECS watches them itself; a CodeDeploy
   * deployment group must list them.
   */
  readonly rollbackAlarmNames: readonly string[];

  /** @throws ValidationError naming every prop and derived name that AWS would reject or that contradicts another. */
  constructor(scope: Construct, id: string, props: LoadBalancedServiceProps) {
    super(scope, id);
    const options = withDefaults(serviceOptions, props);
    this.name = options.name;
    this.exposure = options.exposure;
    this.names = chooseNames(options);
    check(this, props, options, this.names);
    const { names } = this;
    const codeDeploy = options.deploymentController === 'CODE_DEPLOY';
    const { containerPort } = options;

    if (options.exposure !== 'none') {
      this.targetGroup = new TargetGroup(this, 'targets', {
        ...pick(options, Object.keys(targetGroupOptions.shape) as (keyof typeof targetGroupOptions.shape)[]),
        name: names.targetGroupName,
        vpcId: options.vpcId,
        port: containerPort,
        blueGreen: codeDeploy,
        tags: options.tags,
      });
      const isPublic = options.exposure === 'public';
      this.loadBalancer = new ApplicationLoadBalancer(this, 'load-balancer', {
        ...pick(options, Object.keys(loadBalancerOptions.shape) as (keyof typeof loadBalancerOptions.shape)[]),
        ...tlsProps(options.https),
        name: names.loadBalancerName,
        securityGroupName: names.loadBalancerSecurityGroupName,
        vpcId: options.vpcId,
        internetFacing: isPublic,
        subnetIds: isPublic ? options.publicSubnetIds! : options.privateSubnetIds,
        ipAddressType: options.dualStack ? 'dualstack' : 'ipv4',
        ingressCidrs:
          options.ingressCidrs ??
          (isPublic && options.ingressPrefixListIds === undefined ? anywhere(options.dualStack) : []),
        targets: this.targetGroup,
        tags: options.tags,
      });
      for (const [name, securityGroupId] of Object.entries(options.callerSecurityGroupIds))
        this.allowFrom({ name, securityGroup: { id: securityGroupId } });
    }

    if (options.alarms) {
      const needsNone = options.minCapacity === 0 || options.desiredCount === 0;
      this.alarms = new ServiceAlarms(this, 'alarms', {
        ...options,
        name: this.fullName(options),
        // The literal name and not the service's attribute: the service refers to the alarms.
        serviceName: names.serviceName,
        minRunningTasks: options.minRunningTasks ?? (needsNone ? false : 1),
        loadBalancerArnSuffix: this.loadBalancer?.arnSuffix,
        targetGroupArnSuffix: this.targetGroup?.arnSuffix,
        greenTargetGroupArnSuffix: this.targetGroup?.green?.arnSuffix,
        topicArn: options.alarmTopicArn,
        emailAddresses: options.alarmEmailAddresses,
      });
    }
    this.rollbackAlarmNames = options.rollBackOnAlarms ? (this.alarms?.deploymentAlarmNames ?? []) : [];

    this.taskDefinition = new FargateTaskDefinition(this, 'task-definition', {
      ...taskOf(options),
      image: options.image,
      permissions: options.permissions.map((permission) => ({
        ...permission,
        resources: this.interpolate(permission.resources),
      })),
      family: names.family,
      containerName: names.containerName,
      taskRoleName: names.taskRoleName,
      executionRoleName: names.executionRoleName,
      logGroupName: names.logGroupName,
    });
    this.service = new FargateService(this, 'service', {
      ...options,
      serviceName: names.serviceName,
      securityGroupName: names.securityGroupName,
      taskDefinition: this.taskDefinition,
      subnetIds: options.taskSubnetIds ?? options.privateSubnetIds,
      desiredCount: initialTasks(options),
      desiredCountOwner: options.autoscaling ? 'autoscaling' : 'terraform',
      deploymentAlarmNames: [...options.deploymentAlarmNames, ...(codeDeploy ? [] : this.rollbackAlarmNames)],
      targetGroups: this.targetGroup && [{ targetGroupArn: this.targetGroup.arn, containerPort }],
      // ECS rejects a target group that no listener attaches to a load balancer.
      dependsOn: this.loadBalancer?.listeners,
    });
    if (this.loadBalancer !== undefined) {
      // On every port: a change of containerPort cuts off no task that still listens on the old one.
      this.service.allowFrom('load-balancer', this.loadBalancer.securityGroup.id);
      this.loadBalancer.allowTo('tasks', this.service.securityGroup.id);
    }

    if (options.autoscaling) {
      this.autoscaling = new ServiceAutoscaling(this, 'autoscaling', {
        ...options,
        serviceName: this.service.serviceName,
        policyName: names.autoscalingPolicyName,
        albResourceLabel:
          options.requestsPerTarget !== undefined
            ? `${this.loadBalancer!.arnSuffix}/${this.targetGroup!.arnSuffix}`
            : undefined,
      });
    }
  }

  /** The security group of the tasks, to open egress on. */
  get securityGroup(): FargateService['securityGroup'] {
    return this.service.securityGroup;
  }

  /** URL of the service for its callers; `undefined` for a worker. */
  get url(): string | undefined {
    return this.loadBalancer?.url;
  }

  /**
   * Lets a caller's security group reach this internal service's load balancer, on its serving port only; if the
   * caller's egress is closed, it is opened too.
   *
   * @throws ValidationError when the service is public (callers would arrive from their NAT gateway's address, not
   *   their group), a worker, or already lets the caller in.
   */
  allowFrom(caller: Caller): void {
    if (this.loadBalancer === undefined) {
      throw new ValidationError(
        this,
        `exposure: "none" has no load balancer for "${caller.name}" to call; use exposure "internal"`,
      );
    }
    if (this.exposure === 'public') {
      throw new ValidationError(
        this,
        `exposure: "public" cannot let in the security group of "${caller.name}", whose calls arrive from the ` +
          `internet; use exposure "internal", or ingressCidrs`,
      );
    }
    this.loadBalancer.allowFrom(caller.name, { securityGroupId: caller.securityGroup.id });
    caller.securityGroup.allowTo?.(
      this.name,
      { securityGroupId: this.loadBalancer.securityGroup.id },
      this.loadBalancer.port,
    );
  }

  /** Fills in account, region and partition, which a configuration does not know, in ARNs. */
  private interpolate(resources: readonly string[]): readonly string[] {
    if (!isResolved(resources)) return resources;
    const { accountId, region, partition } = AwsAccount.of(this);
    return resources.map((resource) =>
      resource.replaceAll('{account}', accountId).replaceAll('{region}', region).replaceAll('{partition}', partition),
    );
  }

  private fullName(props: LoadBalancedServiceProps): string {
    return props.namePrefix === undefined ? props.name : `${props.namePrefix}-${props.name}`;
  }
}

function chooseNames(props: LoadBalancedServiceProps): ServiceNames {
  const derived = serviceNames(props.name, props.namePrefix, props.protocolVersion);
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

/** The load balancer's options that `https` translates to. */
function tlsProps(https: ServiceHttps | undefined) {
  if (https === undefined) return {};
  const { certificateArn, domainName, hostedZoneId, subjectAlternativeNames, ...others } = https;
  const name = domainName !== undefined && hostedZoneId !== undefined ? { domainName, hostedZoneId } : undefined;
  return {
    ...others,
    certificateArn,
    certificate: certificateArn === undefined && name ? { ...name, subjectAlternativeNames } : undefined,
    record: name && { name: name.domainName, hostedZoneId: name.hostedZoneId },
  };
}

function anywhere(dualStack: boolean): string[] {
  return dualStack ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

type ResolvedProps = ReturnType<typeof withDefaults<typeof serviceOptions.shape, LoadBalancedServiceProps>>;

function check(
  scope: Construct,
  given: LoadBalancedServiceProps,
  { exposure, ...props }: ResolvedProps,
  names: ServiceNames,
): void {
  const problems = new Problems(scope);
  problems.check(isResolved(props.name), 'name: the name is known only to Terraform; use a literal string');
  checkName(problems, 'name', props.name, NAME);
  checkName(problems, 'namePrefix', props.namePrefix, { ...NAME, what: 'name prefix' });
  checkServiceNames(problems, names, exposure, props.deploymentController === 'CODE_DEPLOY');
  checkOptions(problems, serviceOptions.omit({ taskRoleName: true }), given);
  addProblems(problems, serviceProblems({ ...given, containerName: names.containerName }, isResolved));
  problems.check(
    isResolved(props.containerPort),
    'containerPort: the port is known only to Terraform; use a ' + 'literal number',
  );
  problems.check(
    exposure !== 'public' || props.publicSubnetIds !== undefined,
    'publicSubnetIds: missing, and exposure "public" needs subnets for its load balancer',
  );
  problems.check(
    props.alarms || props.alarmTopicArn === undefined,
    'alarmTopicArn: there are no alarms to notify it of; set alarms to true too, or leave it out',
  );
  problems.check(
    props.alarmEmailAddresses === undefined || (props.alarms && props.alarmTopicArn === undefined),
    'alarmEmailAddresses: they are subscribed to a topic created here; set alarms and leave out alarmTopicArn, ' +
      'or subscribe them where the topic is created',
  );
  problems.throwIfAny();
}
