// The options of a task definition, with the rules of Fargate. Loads no construct.
import { arn, kmsKeyArn } from '@strata/core/config';
import { integer, isGiven, logRetentionProblem, type IsKnown, type OptionProblem } from '@strata/core/rules';
import { ROLE_NAME, statementProblems, type IamStatement } from '@strata/iam/rules';
import * as z from 'zod';
import { containersProblems, sidecarOptions, type ContainerProps, type SidecarProps } from './container-options';
import { checkFargateSize } from './fargate-sizes';

export type CpuArchitecture = 'ARM64' | 'X86_64';

/**
 * What runs: size, roles, logs and sidecars.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export interface TaskOptions {
  /** CPU units of the task; 1024 are one vCPU. @default 512 */
  readonly cpu?: number;
  /** Memory of the task in MiB. @default 1024 */
  readonly memoryMiB?: number;
  /** CPU architecture; the image must be built for it. ARM64 costs a fifth less. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** Ephemeral storage of the task in GiB, 21 to 200. @default the 20 GiB that are free */
  readonly ephemeralStorageGiB?: number;
  /** Containers beside the main one. @default none */
  readonly sidecars?: readonly SidecarProps[];
  /** Permissions of the application in AWS. @default nothing */
  readonly permissions?: readonly IamStatement[];
  /** Name of the application's role, at most 64 characters. @default <service or family>-task-role */
  readonly taskRoleName?: string;
  /** ARN of the permissions boundary of both roles. @default none */
  readonly permissionsBoundaryArn?: string;
  /**
   * ARNs of the customer managed KMS keys that encrypt the secrets; the execution role may decrypt with them.
   * @default none
   */
  readonly secretsKmsKeyArns?: readonly string[];
  /** Days to keep logs, one of the values that CloudWatch Logs accepts. @default 7 */
  readonly logRetentionDays?: number;
  /**
   * ARN of the customer managed KMS key of the log group; its policy must let CloudWatch Logs use it.
   * @default none: CloudWatch's own encryption
   */
  readonly logKmsKeyArn?: string;
  /**
   * When the log buffer is full, non-blocking drops lines and blocking blocks the application.
   * @default non-blocking
   */
  readonly logMode?: 'blocking' | 'non-blocking';
  /** Buffer of the non-blocking mode in MiB, 1 to 1024, out of the task's memory. @default 25 */
  readonly logBufferMiB?: number;
  /**
   * Whether operators may open a shell in a running task with ECS Exec. It makes the root file system writable and
   * grants the task role the four permissions of SSM's message channel.
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
  /** ARN of the KMS key of the cluster's ECS Exec configuration. @default none */
  readonly executeCommandKmsKeyArn?: string;
  /** ARN of the log group of the cluster's ECS Exec configuration. @default none */
  readonly executeCommandLogGroupArn?: string;
  /** Whether a revision stays registered when Terraform replaces or destroys it. @default false */
  readonly skipDestroy?: boolean;
}

/** The schema of a statement; what AWS allows in one is checked by `statementProblems`. */
const permission = z.strictObject({
  actions: z.array(z.string()).describe('IAM actions that the application may call'),
  resources: z
    .array(z.string())
    .describe('ARNs that the actions apply to; a service fills in {partition}, {region} and {account}'),
  allowAllResources: z
    .boolean()
    .optional()
    .describe('Allows * as a resource: for actions that AWS cannot restrict to a resource. Default: false'),
  conditions: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])))
    .optional()
    .describe('Conditions by operator and key. Default: none'),
  sid: z.string().optional().describe('Statement id, letters and digits. Default: none'),
});

/** The schema of `TaskOptions`. */
export const taskOptions = z.strictObject({
  cpu: z.number().default(512).describe('CPU units of the task; 1024 are one vCPU'),
  memoryMiB: z.number().default(1024).describe('Memory of the task in MiB'),
  cpuArchitecture: z
    .enum(['ARM64', 'X86_64'])
    .default('ARM64')
    .describe('CPU architecture; the image must be built for it. ARM64 costs a fifth less'),
  ephemeralStorageGiB: integer({ min: 21, max: 200, unit: 'GiB' })
    .optional()
    .describe('Ephemeral storage of the task in GiB, 21 to 200. Default: the 20 GiB that are free'),
  sidecars: z.array(sidecarOptions).default([]).describe('Containers beside the main one'),
  permissions: z.array(permission).default([]).describe('Permissions of the application in AWS'),
  taskRoleName: z
    .string()
    .max(ROLE_NAME.maxLength)
    .regex(ROLE_NAME.pattern, `use ${ROLE_NAME.allowed}`)
    .optional()
    .describe("Name of the application's role, at most 64 characters. Default: <service or family>-task-role"),
  permissionsBoundaryArn: arn.optional().describe('ARN of the permissions boundary of both roles. Default: none'),
  secretsKmsKeyArns: z
    .array(kmsKeyArn)
    .default([])
    .describe(
      'ARNs of the customer managed KMS keys that encrypt the secrets; the execution role may decrypt with them',
    ),
  logRetentionDays: z.number().default(7).describe('Days to keep logs, one of the values that CloudWatch Logs accepts'),
  logKmsKeyArn: kmsKeyArn
    .optional()
    .describe(
      "ARN of the customer managed KMS key of the log group; its policy must let CloudWatch Logs use it. Default: none: CloudWatch's own encryption",
    ),
  logMode: z
    .enum(['blocking', 'non-blocking'])
    .default('non-blocking')
    .describe('When the log buffer is full, non-blocking drops lines and blocking blocks the application'),
  logBufferMiB: integer({ min: 1, max: 1024, unit: 'MiB' })
    .optional()
    .describe("Buffer of the non-blocking mode in MiB, 1 to 1024, out of the task's memory. Default: 25"),
  enableExecuteCommand: z
    .boolean()
    .default(false)
    .describe(
      'Whether operators may open a shell in a running task with ECS Exec. It makes the root file system ' +
        "writable and grants the task role the four permissions of SSM's message channel",
    ),
  executeCommandKmsKeyArn: kmsKeyArn
    .optional()
    .describe("ARN of the KMS key of the cluster's ECS Exec configuration. Default: none"),
  executeCommandLogGroupArn: arn
    .optional()
    .describe("ARN of the log group of the cluster's ECS Exec configuration. Default: none"),
  skipDestroy: z
    .boolean()
    .default(false)
    .describe('Whether a revision stays registered when Terraform replaces or destroys it'),
});

/** Input of a task's rules: the options and the main container, without what a caller may not know yet. */
export type Task = TaskOptions & Partial<ContainerProps>;

/** Problems between the options of a task. */
export function taskProblems(task: Task, isKnown: IsKnown = isGiven): OptionProblem[] {
  const { cpu = 512, memoryMiB = 1024, logRetentionDays: days, enableExecuteCommand = false } = task;
  const size = isKnown(cpu) && isKnown(memoryMiB) ? checkFargateSize(cpu, memoryMiB) : undefined;
  const [, sizeKey = 'cpu', sizeMessage = ''] = /^(\w+): (.*)$/s.exec(size ?? '') ?? [];
  const retention = isKnown(days) ? logRetentionProblem(days) : undefined;
  const main = { path: [], container: { containerName: '', image: '', ...task } };
  const sidecars = (task.sidecars ?? []).map((container, i) => ({ path: ['sidecars', i], container }));
  return [
    ...(size === undefined ? [] : [{ path: [sizeKey], message: sizeMessage }]),
    ...(retention === undefined ? [] : [{ path: ['logRetentionDays'], input: days, message: `it is ${retention}` }]),
    ...(task.logBufferMiB !== undefined && task.logMode === 'blocking'
      ? [
          {
            path: ['logBufferMiB'],
            message: 'the blocking mode has no buffer; leave it out, or set logMode to "non-blocking"',
          },
        ]
      : []),
    ...statementProblems('permissions', task.permissions, isKnown),
    ...containersProblems([main, ...sidecars], { cpu, memoryMiB, enableExecuteCommand }, isKnown),
  ];
}
