import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { addProblems, AwsAccount, checkOptions, isResolved, Problems, checkName } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import {
  checkPolicySize,
  policyDocument,
  pullImageStatements,
  ROLE_NAME,
  serviceTrustPolicy,
  type IamStatement,
} from '@strata/iam';
import { Construct } from 'constructs';
import { containerDefinitions, volumeName, type ResolvedContainer } from './container-definitions';
import { containerOptions, portName, portsOf, type ContainerProps, type SidecarProps } from './container-options';
import { FAMILY_NAME, LOG_GROUP_NAME, PORT_NAME } from './names';
import { checkSecrets, secretStatements } from './secrets';
import { taskOptions, taskProblems, type TaskOptions } from './task-options';

/** The main container, and the task around it. */
export interface FargateTaskDefinitionProps extends ContainerProps, TaskOptions {
  /** Task definition family; revisions are numbered within it. A new family is a new task definition. */
  readonly family: string;
  /** Name of the role that ECS starts tasks with. @default `<family>-execution-role` */
  readonly executionRoleName?: string;
  /** Name of the log group. @default `/ecs/<family>` */
  readonly logGroupName?: string;
  /** Tags on everything created here. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A task definition for Fargate with its log group, its execution role (what ECS needs to start it) and its task role
 * (what the application may do).
 *
 * Terraform owns everything in it but the image, which a pipeline rolls out: the resource tracks the latest revision of
 * the family (`track_latest`), so Terraform compares with the revision that a pipeline registered. `image` must be the
 * one that the pipeline deployed; `DeployedImages` reads it. Nothing is ignored but tags, which a pipeline's copy of a
 * revision may lack.
 *
 * There is no `create_before_destroy`: Terraform would apply it to everything that a container refers to, such as the
 * load balancer in an environment variable, and two load balancers cannot have one name. It is not needed either:
 * services keep running and scaling on a deregistered revision ("Deregistering an Amazon ECS task definition revision"
 * in the developer guide).
 */
export class FargateTaskDefinition extends Construct {
  readonly resource: EcsTaskDefinition;
  readonly logGroup: CloudwatchLogGroup;
  readonly executionRole: IamRole;
  readonly executionRolePolicy: IamRolePolicy;
  readonly taskRole: IamRole;
  /** `undefined` if the application has no permissions. */
  readonly taskRolePolicy: IamRolePolicy | undefined;
  /** Name of the main container. */
  readonly containerName: string;
  /** Every port of every container, in the order given. */
  readonly containerPorts: readonly { readonly containerName: string; readonly containerPort: number }[];
  /** Whether the task role allows ECS Exec. */
  readonly enableExecuteCommand: boolean;

  /** @throws ValidationError naming every prop that Fargate, IAM or CloudWatch Logs would reject. */
  constructor(scope: Construct, id: string, props: FargateTaskDefinitionProps) {
    super(scope, id);
    const options = withDefaults(taskOptions, props);
    const { family, cpu, memoryMiB } = options;
    const taskRoleName = options.taskRoleName ?? `${family}-task-role`;
    const executionRoleName = options.executionRoleName ?? `${family}-execution-role`;
    const logGroupName = options.logGroupName ?? `/ecs/${family}`;
    this.enableExecuteCommand = options.enableExecuteCommand;
    check(this, props, { taskRoleName, executionRoleName, logGroupName });

    const account = AwsAccount.of(this);
    const containers = [{ ...options, essential: true }, ...options.sidecars].map((c) => this.resolve(c));
    this.containerName = options.containerName;
    this.containerPorts = containers.flatMap((container) =>
      portsOf(container).map(({ containerPort }) => ({ containerName: container.containerName, containerPort })),
    );

    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: logGroupName,
      retentionInDays: options.logRetentionDays,
      kmsKeyId: options.logKmsKeyArn,
      tags: tags(options),
    });

    // Trusts ECS, only for tasks of this account and region.
    const { accountId, partition, region } = account;
    const trust = serviceTrustPolicy({
      service: 'ecs-tasks.amazonaws.com',
      sourceAccount: accountId,
      sourceArn: `arn:${partition}:ecs:${region}:${accountId}:*`,
    });
    const role = (roleId: string, name: string): IamRole =>
      new IamRole(this, roleId, {
        name,
        assumeRolePolicy: trust,
        permissionsBoundary: options.permissionsBoundaryArn,
        tags: tags(options),
      });
    this.executionRole = role('execution-role', executionRoleName);
    this.executionRolePolicy = new IamRolePolicy(this, 'execution-role-policy', {
      name: 'start-task',
      role: this.executionRole.name,
      policy: this.inlinePolicy('secrets', this.executionStatements(options, containers)),
    });
    this.taskRole = role('task-role', taskRoleName);
    const statements = [...options.permissions, ...this.executeCommandStatements(options)];
    this.taskRolePolicy =
      statements.length === 0
        ? undefined
        : new IamRolePolicy(this, 'task-role-policy', {
            name: 'application',
            role: this.taskRole.name,
            policy: this.inlinePolicy('permissions', statements),
          });

    const ephemeralStorageGiB = options.ephemeralStorageGiB;
    this.resource = new EcsTaskDefinition(this, 'resource', {
      family,
      cpu: `${cpu}`,
      memory: `${memoryMiB}`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: options.cpuArchitecture },
      ephemeralStorage: ephemeralStorageGiB === undefined ? undefined : { sizeInGib: ephemeralStorageGiB },
      executionRoleArn: this.executionRole.arn,
      taskRoleArn: this.taskRole.arn,
      containerDefinitions: containerDefinitions(containers, {
        logGroupName: this.logGroup.name,
        region: account.region,
        mode: options.logMode,
        bufferMiB: options.logBufferMiB ?? 25,
      }),
      volume: containers.flatMap((c) => c.writablePaths.map((path) => ({ name: volumeName(c.containerName, path) }))),
      trackLatest: true,
      skipDestroy: options.skipDestroy,
      tags: tags(options),
      // Tasks must not start before their roles have their permissions.
      dependsOn:
        this.taskRolePolicy === undefined
          ? [this.executionRolePolicy]
          : [this.executionRolePolicy, this.taskRolePolicy],
      lifecycle: { ignoreChanges: ['tags', 'tags_all'] },
    });
  }

  /** ARN of the latest revision, registered by Terraform or later by a pipeline. */
  get arn(): string {
    return this.resource.arn;
  }

  get family(): string {
    return this.resource.family;
  }

  private resolve(container: SidecarProps): ResolvedContainer {
    // The agent of ECS Exec writes to the container's root file system ("ECS Exec considerations" in the developer
    // guide).
    const options = withDefaults(containerOptions, container);
    const readonlyRootFilesystem = container.readonlyRootFilesystem ?? !this.enableExecuteCommand;
    return {
      ...options,
      essential: container.essential ?? false,
      readonlyRootFilesystem,
      writablePaths: container.writablePaths ?? (readonlyRootFilesystem ? ['/tmp'] : []),
    };
  }

  /** Permissions that ECS needs to start exactly these containers. */
  private executionStatements(
    props: FargateTaskDefinitionProps,
    containers: readonly ResolvedContainer[],
  ): IamStatement[] {
    const repositories = [...new Set(containers.map((c) => c.repositoryArn).filter((arn) => arn !== undefined))];
    const secrets = containers.flatMap((c) => Object.values(c.secrets ?? {}));
    return [
      ...pullImageStatements(repositories),
      {
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${this.logGroup.arn}:*`],
      },
      ...secretStatements(this, secrets, props.secretsKmsKeyArns ?? []),
    ];
  }

  private inlinePolicy(key: string, statements: readonly IamStatement[]): string {
    const problems = new Problems(this);
    checkPolicySize(problems, key, statements);
    problems.throwIfAny();
    return policyDocument(statements);
  }

  private executeCommandStatements(props: FargateTaskDefinitionProps): IamStatement[] {
    if (!this.enableExecuteCommand) return [];
    const statements: IamStatement[] = [
      {
        sid: 'ExecuteCommand',
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
      },
    ];
    const { executeCommandKmsKeyArn: key, executeCommandLogGroupArn: logGroup } = props;
    if (key !== undefined) statements.push({ sid: 'ExecuteCommandKey', actions: ['kms:Decrypt'], resources: [key] });
    if (logGroup !== undefined) {
      statements.push(
        { sid: 'ExecuteCommandFindLogs', actions: ['logs:DescribeLogGroups'], resources: ['*'] },
        {
          sid: 'ExecuteCommandLogs',
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: [`${logGroup}:*`],
        },
      );
    }
    return statements;
  }
}

function tags(props: FargateTaskDefinitionProps): Record<string, string> | undefined {
  return props.tags === undefined ? undefined : { ...props.tags };
}

function check(
  scope: Construct,
  props: FargateTaskDefinitionProps,
  names: { readonly taskRoleName: string; readonly executionRoleName: string; readonly logGroupName: string },
): void {
  const problems = new Problems(scope);
  checkName(problems, 'family', props.family, FAMILY_NAME);
  checkName(problems, 'taskRoleName', names.taskRoleName, ROLE_NAME);
  checkName(problems, 'executionRoleName', names.executionRoleName, ROLE_NAME);
  checkName(problems, 'logGroupName', names.logGroupName, LOG_GROUP_NAME);
  problems.check(
    names.taskRoleName !== names.executionRoleName || !isResolved(names.taskRoleName),
    `taskRoleName: "${names.taskRoleName}" is also the execution role's name; give each role its own`,
  );
  checkOptions(problems, taskOptions.omit({ taskRoleName: true }), props);
  checkOptions(problems, containerOptions, props);
  addProblems(problems, taskProblems(props, isResolved));
  checkSecrets(problems, 'secrets', props.secrets);
  props.sidecars?.forEach(({ secrets }, i) => checkSecrets(problems, `sidecars[${i}].secrets`, secrets));
  for (const container of [props, ...(props.sidecars ?? [])]) {
    for (const port of portsOf(container)) checkName(problems, 'portName', portName(container, port), PORT_NAME);
  }
  problems.throwIfAny();
}
