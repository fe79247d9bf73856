import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import {
  AwsAccount,
  isResolved,
  Problems,
  requireInteger,
  requireLogRetentionDays,
  requireName,
  requireOneOf,
} from '@strata/core';
import {
  checkStatements,
  policyDocument,
  pullImageStatements,
  ROLE_NAME,
  serviceTrustPolicy,
  type IamStatement,
} from '@strata/iam';
import { Construct } from 'constructs';
import { checkContainer, type ContainerProps, type SidecarProps } from './container';
import { containerDefinitions, volumeName, type ResolvedContainer } from './container-definitions';
import { checkFargateSize } from './fargate-sizes';
import { FAMILY_NAME, LOG_GROUP_NAME } from './names';
import { secretStatements } from './secrets';

export type CpuArchitecture = 'ARM64' | 'X86_64';

/** The main container, and the task around it. */
export interface FargateTaskDefinitionProps extends ContainerProps {
  /** Task definition family; revisions are counted in it. A new family is a new task definition. */
  readonly family: string;
  /** CPU units of the task; 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** Memory of the task in MiB. @default 512 */
  readonly memoryMiB?: number;
  /** ARM64 costs a fifth less; the image must be built for it. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** 21 to 200 GiB. @default 20 GiB, free, by Fargate */
  readonly ephemeralStorageGiB?: number;
  /** Containers beside the main one. @default none */
  readonly sidecars?: readonly SidecarProps[];

  /** What the application may do in AWS. @default nothing */
  readonly taskRoleStatements?: readonly IamStatement[];
  /** @default `<family>-task-role` */
  readonly taskRoleName?: string;
  /** @default `<family>-execution-role` */
  readonly executionRoleName?: string;
  /** Managed policy that limits both roles. @default none */
  readonly permissionsBoundaryArn?: string;
  /** Customer managed KMS keys that the secrets are encrypted with. @default none */
  readonly secretsKmsKeyArns?: readonly string[];

  /** @default `/ecs/<family>` */
  readonly logGroupName?: string;
  /** One of `LOG_RETENTION_DAYS` of `@strata/core`. @default 30 */
  readonly logRetentionDays?: number;
  /**
   * Customer managed KMS key of the log group; its policy must let CloudWatch Logs use it.
   * @default none: AWS's own key
   */
  readonly logKmsKeyArn?: string;
  /**
   * `non-blocking` drops log lines when the buffer is full; `blocking` stops the application instead.
   * @default non-blocking
   */
  readonly logMode?: 'blocking' | 'non-blocking';
  /** Buffer of the non-blocking mode in MiB, 1 to 1024; a part of the task's memory when full. @default 25 */
  readonly logBufferMiB?: number;

  /**
   * Lets operators open a shell with ECS Exec: gives the task role the four permissions of SSM's message channel.
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
  /** KMS key of the cluster's ECS Exec configuration. @default none */
  readonly executeCommandKmsKeyArn?: string;
  /** Log group of the cluster's ECS Exec configuration. @default none */
  readonly executeCommandLogGroupArn?: string;

  /** Leaves the revision registered (ACTIVE) when Terraform replaces or destroys it. @default false */
  readonly skipDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A task definition for Fargate with its log group, its execution role (what ECS needs to start it) and its task role
 * (what the application may do).
 *
 * Terraform owns everything in it but the image, which a pipeline rolls out: the resource follows the latest revision
 * of the family (`track_latest`), so a revision that a pipeline registered is the one that Terraform compares with.
 * `image` must say what that pipeline deployed; `@strata/ecs` reads it. Nothing is ignored but tags, which a pipeline's
 * copy of a revision may lack.
 *
 * There is no `create_before_destroy`: Terraform would impose it on everything that a container refers to, such as the
 * load balancer in an environment variable, and a load balancer cannot exist twice under one name. It is not needed
 * either: services go on running and scaling on a revision that is deregistered ("Deregistering an Amazon ECS task
 * definition revision" in the developer guide).
 */
export class FargateTaskDefinition extends Construct {
  readonly resource: EcsTaskDefinition;
  readonly logGroup: CloudwatchLogGroup;
  readonly executionRole: IamRole;
  readonly executionRolePolicy: IamRolePolicy;
  readonly taskRole: IamRole;
  /** `undefined` where the application may do nothing in AWS. */
  readonly taskRolePolicy: IamRolePolicy | undefined;
  /** Name of the main container. */
  readonly containerName: string;
  /** Every port of every container, in the order given. */
  readonly containerPorts: readonly { readonly containerName: string; readonly containerPort: number }[];
  /** Whether the task role allows ECS Exec. */
  readonly enableExecuteCommand: boolean;

  /** @throws ValidationError naming every prop that Fargate, IAM or CloudWatch Logs would refuse. */
  constructor(scope: Construct, id: string, props: FargateTaskDefinitionProps) {
    super(scope, id);
    const family = props.family;
    const cpu = props.cpu ?? 256;
    const memoryMiB = props.memoryMiB ?? 512;
    const taskRoleName = props.taskRoleName ?? `${family}-task-role`;
    const executionRoleName = props.executionRoleName ?? `${family}-execution-role`;
    const logGroupName = props.logGroupName ?? `/ecs/${family}`;
    this.enableExecuteCommand = props.enableExecuteCommand ?? false;
    check(this, props, { cpu, memoryMiB, taskRoleName, executionRoleName, logGroupName });

    const account = AwsAccount.of(this);
    const containers = [{ ...props, essential: true }, ...(props.sidecars ?? [])].map((c) => this.resolve(c));
    this.containerName = props.containerName;
    this.containerPorts = containers.flatMap(({ containerName, ports }) =>
      (ports ?? []).map(({ containerPort }) => ({ containerName, containerPort })),
    );

    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: logGroupName,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: props.logKmsKeyArn,
      tags: tags(props),
    });

    // ECS itself, and only for tasks of this account and region.
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
        permissionsBoundary: props.permissionsBoundaryArn,
        tags: tags(props),
      });
    this.executionRole = role('execution-role', executionRoleName);
    this.executionRolePolicy = new IamRolePolicy(this, 'execution-role-policy', {
      name: 'start-task',
      role: this.executionRole.name,
      policy: policyDocument(this.executionStatements(props, containers)),
    });
    this.taskRole = role('task-role', taskRoleName);
    const statements = [...(props.taskRoleStatements ?? []), ...this.executeCommandStatements(props)];
    this.taskRolePolicy =
      statements.length === 0
        ? undefined
        : new IamRolePolicy(this, 'task-role-policy', {
            name: 'application',
            role: this.taskRole.name,
            policy: policyDocument(statements),
          });

    const ephemeralStorageGiB = props.ephemeralStorageGiB;
    this.resource = new EcsTaskDefinition(this, 'resource', {
      family,
      cpu: `${cpu}`,
      memory: `${memoryMiB}`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: props.cpuArchitecture ?? 'ARM64' },
      ephemeralStorage: ephemeralStorageGiB === undefined ? undefined : { sizeInGib: ephemeralStorageGiB },
      executionRoleArn: this.executionRole.arn,
      taskRoleArn: this.taskRole.arn,
      containerDefinitions: containerDefinitions(containers, {
        logGroupName: this.logGroup.name,
        region: account.region,
        mode: props.logMode ?? 'non-blocking',
        bufferMiB: props.logBufferMiB ?? 25,
      }),
      volume: containers.flatMap((c) => c.writablePaths.map((path) => ({ name: volumeName(c.containerName, path) }))),
      trackLatest: true,
      skipDestroy: props.skipDestroy ?? false,
      tags: tags(props),
      // Tasks must not start before their roles may do what they need.
      dependsOn:
        this.taskRolePolicy === undefined
          ? [this.executionRolePolicy]
          : [this.executionRolePolicy, this.taskRolePolicy],
      lifecycle: { ignoreChanges: ['tags', 'tags_all'] },
    });
  }

  /** ARN of the latest revision: of Terraform's, or of the one that a pipeline registered after it. */
  get arn(): string {
    return this.resource.arn;
  }

  get family(): string {
    return this.resource.family;
  }

  private resolve(container: SidecarProps): ResolvedContainer {
    // The agent of ECS Exec writes to the container's root file system ("ECS Exec considerations" in the developer
    // guide).
    const readonlyRootFilesystem = container.readonlyRootFilesystem ?? !this.enableExecuteCommand;
    return {
      ...container,
      essential: container.essential ?? false,
      readonlyRootFilesystem,
      writablePaths: container.writablePaths ?? (readonlyRootFilesystem ? ['/tmp'] : []),
    };
  }

  /** What ECS needs to start exactly these containers. */
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

interface Decided {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly taskRoleName: string;
  readonly executionRoleName: string;
  readonly logGroupName: string;
}

function check(scope: Construct, props: FargateTaskDefinitionProps, decided: Decided): void {
  const problems = new Problems(scope);
  const { cpu, memoryMiB } = decided;
  requireName(problems, 'family', props.family, FAMILY_NAME);
  requireName(problems, 'taskRoleName', decided.taskRoleName, ROLE_NAME);
  requireName(problems, 'executionRoleName', decided.executionRoleName, ROLE_NAME);
  requireName(problems, 'logGroupName', decided.logGroupName, LOG_GROUP_NAME);
  requireOneOf(problems, 'cpuArchitecture', props.cpuArchitecture, ['ARM64', 'X86_64']);
  requireLogRetentionDays(problems, 'logRetentionDays', props.logRetentionDays);
  requireOneOf(problems, 'logMode', props.logMode, ['blocking', 'non-blocking']);
  requireInteger(problems, 'logBufferMiB', props.logBufferMiB, { min: 1, max: 1024, unit: 'MiB' });
  requireInteger(problems, 'ephemeralStorageGiB', props.ephemeralStorageGiB, { min: 21, max: 200, unit: 'GiB' });
  problems.check(
    props.logBufferMiB === undefined || props.logMode !== 'blocking',
    'logBufferMiB: the blocking mode has no buffer; leave it out, or use logMode "non-blocking"',
  );
  problems.check(
    decided.taskRoleName !== decided.executionRoleName || !isResolved(decided.taskRoleName),
    `taskRoleName: "${decided.taskRoleName}" is the execution role's name too; give each role its own`,
  );
  if (isResolved(cpu) && isResolved(memoryMiB)) {
    const problem = checkFargateSize(cpu, memoryMiB);
    if (problem !== undefined) problems.add(problem);
  }
  checkStatements(problems, 'taskRoleStatements', props.taskRoleStatements);
  const containers = [
    { key: '', container: props as SidecarProps },
    ...(props.sidecars ?? []).map((container, i) => ({ key: `sidecars[${i}].`, container })),
  ];
  for (const { key, container } of containers) {
    checkContainer(problems, key, container);
    problems.check(
      container.readonlyRootFilesystem !== true || props.enableExecuteCommand !== true,
      `${key}readonlyRootFilesystem: ECS Exec needs a writable root file system; leave it out, or set ` +
        'enableExecuteCommand to false',
    );
  }
  checkTogether(
    problems,
    containers.map((c) => c.container),
    cpu,
    memoryMiB,
  );
  problems.throwIfAny();
}

/** What holds between the containers of one task. */
function checkTogether(problems: Problems, containers: readonly SidecarProps[], cpu: number, memoryMiB: number): void {
  const names = containers.map((c) => c.containerName);
  for (const name of new Set(names.filter((n, i) => names.indexOf(n) !== i))) {
    problems.add(`containerName: "${name}" is used twice; give each container of the task its own name`);
  }
  const ports = containers.flatMap((c) => (c.ports ?? []).map((p) => `${p.containerPort}/${p.protocol ?? 'tcp'}`));
  for (const port of new Set(ports.filter((p, i) => ports.indexOf(p) !== i))) {
    problems.add(
      `ports: ${port} is used twice; the containers of a task share one network interface, so give each its own port`,
    );
  }
  for (const container of containers) {
    for (const { containerName, condition } of container.dependsOn ?? []) {
      const other = containers.find((c) => c.containerName === containerName);
      if (other === undefined || other === container) {
        problems.add(
          `dependsOn: "${containerName}" is not another container of the task; use one of ` +
            `${names.filter((n) => n !== container.containerName).join(', ') || 'its sidecars'}`,
        );
      } else if (condition === 'HEALTHY') {
        problems.check(
          other.healthCheck !== undefined,
          `dependsOn: "${containerName}" has no healthCheck, so it never becomes HEALTHY; add one, or use START`,
        );
      } else requireOneOf(problems, 'dependsOn.condition', condition, ['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']);
    }
  }
  const share = (prop: 'containerCpu' | 'containerMemoryMiB'): number =>
    containers.reduce((sum, c) => sum + (c[prop] ?? 0), 0);
  const cpuShare = share('containerCpu');
  const memoryShare = share('containerMemoryMiB');
  problems.check(
    cpuShare <= cpu || !isResolved(cpu),
    `containerCpu: the containers reserve ${cpuShare} CPU units of the task's ${cpu}; reserve less, or raise cpu`,
  );
  problems.check(
    memoryShare <= memoryMiB || !isResolved(memoryMiB),
    `containerMemoryMiB: the containers take ${memoryShare} MiB of the task's ${memoryMiB}; take less, or ` +
      'raise memoryMiB',
  );
}
