import { CodedeployApp } from '@cdktf/provider-aws/lib/codedeploy-app';
import { CodedeployDeploymentConfig } from '@cdktf/provider-aws/lib/codedeploy-deployment-config';
import { CodedeployDeploymentGroup } from '@cdktf/provider-aws/lib/codedeploy-deployment-group';
import { AwsAccount, isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { ServiceRole, type IamStatement } from '@strata/iam';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { APPLICATION_NAME } from './names';

/** How traffic moves to the new tasks. */
export interface TrafficShift {
  /** `canary`: a first share, then the rest. `linear`: equal shares at equal intervals. */
  readonly type: 'all-at-once' | 'canary' | 'linear';
  /** Percentage of traffic in the first step (canary) or in each step (linear), 1 to 99. @default 10 */
  readonly percentage?: number;
  /** Minutes between steps, 1 to 2880. @default 5 */
  readonly intervalMinutes?: number;
}

export interface BlueGreenDeploymentProps {
  /** Name of application, deployment group and, with `-codedeploy-role`, of the role. */
  readonly name: string;
  readonly clusterName: string;
  /** Name of a service whose deployment controller is CODE_DEPLOY. */
  readonly serviceName: string;
  readonly listenerArn: string;
  /** @default none */
  readonly testListenerArn?: string;
  readonly targetGroupName: string;
  readonly greenTargetGroupName: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  /** @default all traffic in one step */
  readonly trafficShift?: TrafficShift;
  /** Alarms that trigger a rollback, at most 10. @default none */
  readonly alarmNames?: readonly string[];
  /** Minutes the previous tasks keep running after the shift, 0 to 2880. @default 5 */
  readonly terminationWaitMinutes?: number;
  /** ARNs of functions that an AppSpec may call. @default none */
  readonly hookFunctionArns?: readonly string[];
  /** Managed policy that limits the role. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * CodeDeploy's predefined deployment configurations:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
 */
const PREDEFINED: Readonly<Record<string, string>> = {
  'canary 10 5': 'CodeDeployDefault.ECSCanary10Percent5Minutes',
  'canary 10 15': 'CodeDeployDefault.ECSCanary10Percent15Minutes',
  'linear 10 1': 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
  'linear 10 3': 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes',
};

const DEFAULT_SHIFT = { percentage: 10, intervalMinutes: 5 };

function predefinedShift(shift: TrafficShift | undefined): string | undefined {
  if (shift === undefined || shift.type === 'all-at-once') return 'CodeDeployDefault.ECSAllAtOnce';
  return PREDEFINED[
    `${shift.type} ${shift.percentage ?? DEFAULT_SHIFT.percentage} ` +
      `${shift.intervalMinutes ?? DEFAULT_SHIFT.intervalMinutes}`
  ];
}

/**
 * What CodeDeploy needs to deploy one service blue/green: application, deployment group and role. A deployment that
 * fails, is stopped, or raises an alarm is rolled back to the previous tasks.
 */
export class BlueGreenDeployment extends Construct {
  readonly application: CodedeployApp;
  readonly group: CodedeployDeploymentGroup;
  /** Only for a shift that CodeDeploy has no predefined configuration for. */
  readonly config?: CodedeployDeploymentConfig;
  readonly role: ServiceRole;

  /** @throws ValidationError naming every prop that CodeDeploy would refuse. */
  constructor(scope: Construct, id: string, props: BlueGreenDeploymentProps) {
    super(scope, id);
    check(this, props);
    const { accountId } = AwsAccount.of(this);
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    const alarms = props.alarmNames ?? [];

    this.role = new ServiceRole(this, 'role', {
      roleName: `${props.name}-codedeploy-role`,
      service: 'codedeploy.amazonaws.com',
      sourceAccount: accountId,
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
      statements: this.statements(props),
    });
    const predefined = predefinedShift(props.trafficShift);
    if (predefined === undefined) this.config = this.makeConfig(props.name, props.trafficShift!);
    this.application = new CodedeployApp(this, 'application', { name: props.name, computePlatform: 'ECS', tags });
    this.group = new CodedeployDeploymentGroup(this, 'group', {
      appName: this.application.name,
      deploymentGroupName: props.name,
      serviceRoleArn: this.role.roleArn,
      deploymentConfigName: predefined ?? this.config?.deploymentConfigName,
      deploymentStyle: { deploymentOption: 'WITH_TRAFFIC_CONTROL', deploymentType: 'BLUE_GREEN' },
      ecsService: { clusterName: props.clusterName, serviceName: props.serviceName },
      blueGreenDeploymentConfig: {
        deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: 'TERMINATE',
          terminationWaitTimeInMinutes: props.terminationWaitMinutes ?? 5,
        },
      },
      loadBalancerInfo: {
        targetGroupPairInfo: {
          prodTrafficRoute: { listenerArns: [props.listenerArn] },
          testTrafficRoute: props.testListenerArn === undefined ? undefined : { listenerArns: [props.testListenerArn] },
          targetGroup: [{ name: props.targetGroupName }, { name: props.greenTargetGroupName }],
        },
      },
      autoRollbackConfiguration: {
        enabled: true,
        events: [
          'DEPLOYMENT_FAILURE',
          'DEPLOYMENT_STOP_ON_REQUEST',
          ...(alarms.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : []),
        ],
      },
      alarmConfiguration: alarms.length > 0 ? { enabled: true, alarms: [...alarms] } : undefined,
      tags,
      dependsOn: [this.role.policy!],
    });
  }

  private makeConfig(
    name: string,
    {
      type,
      percentage = DEFAULT_SHIFT.percentage,
      intervalMinutes: interval = DEFAULT_SHIFT.intervalMinutes,
    }: TrafficShift,
  ): CodedeployDeploymentConfig {
    const step = { percentage, interval };
    return new CodedeployDeploymentConfig(this, 'config', {
      // A configuration is immutable, so its name contains its values and a change creates a new one beside the old.
      deploymentConfigName: `${name}-${type}-${percentage}-${interval}`,
      computePlatform: 'ECS',
      trafficRoutingConfig:
        type === 'canary'
          ? { type: 'TimeBasedCanary', timeBasedCanary: step }
          : { type: 'TimeBasedLinear', timeBasedLinear: step },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /** "Amazon ECS CodeDeploy IAM Role" in the Amazon ECS developer guide, narrowed to one service. */
  private statements(props: BlueGreenDeploymentProps): IamStatement[] {
    const { accountId, partition, region } = AwsAccount.of(this);
    const ecs = (resource: string): string => `arn:${partition}:ecs:${region}:${accountId}:${resource}`;
    const listeners = [props.listenerArn, ...(props.testListenerArn === undefined ? [] : [props.testListenerArn])];
    const statements: IamStatement[] = [
      {
        sid: 'DescribeService',
        actions: ['ecs:DescribeServices'],
        resources: [ecs(`service/${props.clusterName}/${props.serviceName}`)],
      },
      {
        sid: 'ReplaceTaskSets',
        actions: ['ecs:CreateTaskSet', 'ecs:UpdateServicePrimaryTaskSet', 'ecs:DeleteTaskSet'],
        resources: [
          ecs(`service/${props.clusterName}/${props.serviceName}`),
          ecs(`cluster/${props.clusterName}`),
          ecs(`task-set/${props.clusterName}/${props.serviceName}/*`),
        ],
      },
      {
        sid: 'DescribeLoadBalancer',
        allowAllResources: true,
        resources: ['*'],
        actions: [
          'elasticloadbalancing:DescribeTargetGroups',
          'elasticloadbalancing:DescribeListeners',
          'elasticloadbalancing:DescribeRules',
        ],
      },
      { sid: 'ModifyListeners', actions: ['elasticloadbalancing:ModifyListener'], resources: listeners },
      {
        sid: 'ModifyRules',
        actions: ['elasticloadbalancing:ModifyRule'],
        resources: listeners.map(
          (arn) =>
            `${isResolved(arn) ? arn.replace(':listener/', ':listener-rule/') : Fn.replace(arn, ':listener/', ':listener-rule/')}/*`,
        ),
      },
      {
        sid: 'PassTaskRoles',
        actions: ['iam:PassRole'],
        resources: [props.executionRoleArn, props.taskRoleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ];
    if ((props.alarmNames ?? []).length > 0) {
      // Without names, DescribeAlarms needs permission for all alarms of the account.
      statements.push({
        sid: 'DescribeAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: [`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`],
      });
    }
    const hooks = props.hookFunctionArns ?? [];
    if (hooks.length > 0) statements.push({ sid: 'InvokeHooks', actions: ['lambda:InvokeFunction'], resources: hooks });
    return statements;
  }
}

function check(scope: Construct, props: BlueGreenDeploymentProps): void {
  const problems = new Problems(scope);
  checkName(problems, 'name', props.name, APPLICATION_NAME);
  checkInteger(problems, 'terminationWaitMinutes', props.terminationWaitMinutes, {
    min: 0,
    max: 2880,
    unit: 'minutes',
  });
  checkTrafficShift(problems, 'trafficShift', props.trafficShift);
  problems.check(
    (props.alarmNames ?? []).length <= 10,
    `alarmNames: ${props.alarmNames?.length} alarms, CodeDeploy watches at most 10; keep those that a bad image ` +
      `would raise`,
  );
  problems.check(
    !isResolved(props.targetGroupName) || props.targetGroupName !== props.greenTargetGroupName,
    `greenTargetGroupName: "${props.greenTargetGroupName}" is also the other target group; use two target ` +
      `groups to shift traffic between`,
  );
  problems.throwIfAny();
}

/** Adds every problem of a traffic shift; `key` is the prop's name. */
export function checkTrafficShift(problems: Problems, key: string, shift: TrafficShift | undefined): void {
  if (shift === undefined) return;
  checkOneOf(problems, `${key}.type`, shift.type, ['all-at-once', 'canary', 'linear']);
  checkInteger(problems, `${key}.percentage`, shift.percentage, { min: 1, max: 99, unit: 'percent' });
  checkInteger(problems, `${key}.intervalMinutes`, shift.intervalMinutes, { min: 1, max: 2880, unit: 'minutes' });
  if (shift.type !== 'all-at-once') return;
  for (const part of ['percentage', 'intervalMinutes'] as const)
    problems.check(
      shift[part] === undefined,
      `${key}.${part}: has no effect on a shift in one step; leave it out, or use canary or linear`,
    );
}
