// The options of a container, with the rules of ECS. Loads no construct.
import { integer, isGiven, withDefaults, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';
import { secretsSchema, type Secrets } from './secret-options';

/** A port that a container listens on. */
export interface ContainerPort {
  /** 1 to 65535. */
  readonly containerPort: number;
  /**
   * Name by which Service Connect and VPC Lattice refer to the port.
   * @default <containerName>-<containerPort> in lower case
   */
  readonly portName?: string;
  /** Protocol of the port. @default tcp */
  readonly protocol?: 'tcp' | 'udp';
  /** Protocol that Service Connect speaks on it, with retries and metrics. @default none: plain TCP */
  readonly appProtocol?: 'http' | 'http2' | 'grpc';
}

/** The health check that ECS runs inside the container; a load balancer's is set on its target group. */
export interface ContainerHealthCheck {
  /** Starts with CMD (arguments) or CMD-SHELL (a command line for the container's shell). */
  readonly command: readonly string[];
  /** Seconds between two checks, 5 to 300. @default 30 */
  readonly intervalSeconds?: number;
  /** Timeout of a check in seconds, 2 to 60. @default 5 */
  readonly timeoutSeconds?: number;
  /** Failed checks in a row that make the container unhealthy, 1 to 10. @default 3 */
  readonly retries?: number;
  /** Grace period in seconds after the start, during which failed checks do not count, 0 to 300. @default 0 */
  readonly startPeriodSeconds?: number;
}

/** A condition that another container of the task must meet before this one starts. */
export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';
}

/** A resource limit. Fargate supports one: the number of open files. */
export interface ContainerUlimit {
  readonly name: 'nofile';
  readonly softLimit: number;
  readonly hardLimit: number;
}

/**
 * A container of a task. The task size sets price and limits; `containerCpu` and `containerMemoryMiB` only divide it
 * among containers.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export interface ContainerProps {
  /** Name, unique in the task. A pipeline's imagedefinitions.json refers to it. */
  readonly containerName: string;
  /** Image URI with a tag or digest. */
  readonly image: string;
  /**
   * ARN of the ECR repository of the image: the execution role may pull only from it. A pull-through cache repository
   * must already contain the image, as tasks may not fill the cache.
   * @default none: a public image
   */
  readonly repositoryArn?: string;
  /** Port that the container listens on, 1 to 65535. @default none */
  readonly containerPort?: number;
  /** Further ports, and ports with a name or a protocol. @default none */
  readonly ports?: readonly ContainerPort[];
  /** Plain environment variables. Never a secret: they are readable in the task definition. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environment variables whose values ECS reads at start from Secrets Manager or Parameter Store; the execution role
   * may read exactly these.
   * @default none
   */
  readonly secrets?: Secrets;
  /** Arguments of the process. @default from the image */
  readonly command?: readonly string[];
  /** Executable of the process and its first arguments. @default from the image */
  readonly entryPoint?: readonly string[];
  /** User, or user:group, that the process runs as. @default from the image */
  readonly user?: string;
  /** Absolute path that the process starts in. @default from the image */
  readonly workingDirectory?: string;
  /**
   * Whether only writablePaths are writable. ECS Exec needs a writable root file system.
   * @default true, false with enableExecuteCommand
   */
  readonly readonlyRootFilesystem?: boolean;
  /**
   * Absolute paths that get an empty volume for the life of the task, on the task's ephemeral storage. A volume belongs
   * to root, mode 755, unless the image declares the path with VOLUME: then it has that directory's owner and mode.
   * @default /tmp where the root file system is read-only
   */
  readonly writablePaths?: readonly string[];
  /** Seconds between SIGTERM and SIGKILL, 2 to 120. @default 30, by ECS */
  readonly stopTimeoutSeconds?: number;
  /** Health check command that ECS runs in the container. @default none */
  readonly healthCheck?: ContainerHealthCheck;
  /** Resource limits of the process; Fargate supports only nofile. @default none: 65535 open files, by Fargate */
  readonly ulimits?: readonly ContainerUlimit[];
  /** Whether an init process reaps zombies and forwards signals. @default true */
  readonly initProcessEnabled?: boolean;
  /** Conditions that other containers must meet before this one starts. @default nothing */
  readonly dependsOn?: readonly ContainerDependency[];
  /** CPU units reserved from the task's, 0 to 32768. @default 0: an equal share of what is free */
  readonly containerCpu?: number;
  /** MiB above which the container is killed, 6 to 249856. @default none: the task's memory is the limit */
  readonly containerMemoryMiB?: number;
}

/** A container beside the main one. */
export interface SidecarProps extends ContainerProps {
  /** Whether the task stops when this container does. @default false */
  readonly essential?: boolean;
}

const port = integer({ min: 1, max: 65_535 });
const ecsName = (what: string) =>
  z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, `use a ${what} of 1 to 255 letters, digits, hyphens and underscores`);
const variable = z.string().regex(/^[^=\s]+$/, 'use names of environment variables, without spaces and "="');

const containerPortSchema = z.strictObject({
  containerPort: port,
  portName: z
    .string()
    .regex(
      /^[a-z0-9_][a-z0-9_-]{0,63}$/,
      'use 1 to 64 lower-case letters, digits, underscores and hyphens, not starting with a hyphen',
    )
    .optional(),
  protocol: z.enum(['tcp', 'udp']).optional(),
  appProtocol: z.enum(['http', 'http2', 'grpc']).optional(),
});

/** The schema of `ContainerHealthCheck`. */
export const containerHealthCheck = z.strictObject({
  command: z
    .array(z.string())
    .min(1)
    .refine(([form]) => form === 'CMD' || form === 'CMD-SHELL', 'start it with CMD or CMD-SHELL')
    .describe("Starts with CMD (arguments) or CMD-SHELL (a command line for the container's shell)"),
  intervalSeconds: integer({ min: 5, max: 300, unit: 'seconds' })
    .default(30)
    .describe('Seconds between two checks, 5 to 300'),
  timeoutSeconds: integer({ min: 2, max: 60, unit: 'seconds' })
    .default(5)
    .describe('Timeout of a check in seconds, 2 to 60'),
  retries: integer({ min: 1, max: 10, unit: 'checks' })
    .default(3)
    .describe('Failed checks in a row that make the container unhealthy, 1 to 10'),
  startPeriodSeconds: integer({ min: 0, max: 300, unit: 'seconds' })
    .optional()
    .describe('Grace period in seconds after the start, during which failed checks do not count, 0 to 300. Default: 0'),
});

const ulimit = z
  .strictObject({
    name: z.literal('nofile'),
    softLimit: integer({ min: 1, max: 1_048_576, unit: 'files' }),
    hardLimit: integer({ min: 1, max: 1_048_576, unit: 'files' }),
  })
  .refine(({ softLimit, hardLimit }) => softLimit <= hardLimit, {
    path: ['softLimit'],
    message: 'is above hardLimit; lower it, or raise hardLimit',
  });

/** The schema of `ContainerProps`. */
export const containerOptions = z.strictObject({
  containerName: ecsName('container name').describe(
    "Name, unique in the task. A pipeline's imagedefinitions.json refers to it",
  ),
  image: z.string().min(1).describe('Image URI with a tag or digest'),
  repositoryArn: z
    .string()
    .regex(
      /^arn:[^:]+:ecr:[^:]+:\d{12}:repository\/.+$/,
      'use the ARN of an ECR repository: arn:aws:ecr:region:account:repository/name',
    )
    .optional()
    .describe(
      'ARN of the ECR repository of the image: the execution role may pull only from it. A pull-through cache ' +
        'repository must already contain the image, as tasks may not fill the cache. Default: none: a public image',
    ),
  containerPort: port.optional().describe('Port that the container listens on, 1 to 65535. Default: none'),
  ports: z.array(containerPortSchema).default([]).describe('Further ports, and ports with a name or a protocol'),
  environment: z
    .record(variable, z.string())
    .default({})
    .describe('Plain environment variables. Never a secret: they are readable in the task definition'),
  secrets: secretsSchema(variable)
    .default({})
    .describe(
      'Environment variables whose values ECS reads at start from Secrets Manager or Parameter Store; the ' +
        'execution role may read exactly these',
    ),
  command: z.array(z.string()).optional().describe('Arguments of the process. Default: from the image'),
  entryPoint: z
    .array(z.string())
    .optional()
    .describe('Executable of the process and its first arguments. Default: from the image'),
  user: z
    .string()
    .regex(/^[^:\s]+(:[^:\s]+)?$/, 'use user or user:group, names or numbers')
    .optional()
    .describe('User, or user:group, that the process runs as. Default: from the image'),
  workingDirectory: z
    .string()
    .regex(/^\//, 'use an absolute path, which starts with /')
    .optional()
    .describe('Absolute path that the process starts in. Default: from the image'),
  readonlyRootFilesystem: z
    .boolean()
    .optional()
    .describe(
      'Whether only writablePaths are writable. ECS Exec needs a writable root file system. Default: true, ' +
        'false with enableExecuteCommand',
    ),
  writablePaths: z
    .array(z.string().regex(/^\/[^:\s]+$/, 'use an absolute path below /'))
    .optional()
    .describe(
      "Absolute paths that get an empty volume for the life of the task, on the task's ephemeral storage. A volume belongs to root, mode 755, unless the image declares the path with VOLUME: then it has that directory's owner and mode. Default: /tmp where the root file system is read-only",
    ),
  stopTimeoutSeconds: integer({ min: 2, max: 120, unit: 'seconds' })
    .optional()
    .describe('Seconds between SIGTERM and SIGKILL, 2 to 120. Default: 30, by ECS'),
  healthCheck: containerHealthCheck
    .optional()
    .describe('Health check command that ECS runs in the container. Default: none'),
  ulimits: z
    .array(ulimit)
    .optional()
    .describe(
      'Resource limits of the process; Fargate supports only nofile. Default: none: 65535 open files, ' + 'by Fargate',
    ),
  initProcessEnabled: z.boolean().default(true).describe('Whether an init process reaps zombies and forwards signals'),
  dependsOn: z
    .array(
      z.strictObject({
        containerName: z.string().min(1),
        condition: z.enum(['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']),
      }),
    )
    .optional()
    .describe('Conditions that other containers must meet before this one starts. Default: nothing'),
  containerCpu: integer({ min: 0, max: 32_768, unit: 'CPU units' })
    .optional()
    .describe("CPU units reserved from the task's, 0 to 32768. Default: 0: an equal share of what is free"),
  containerMemoryMiB: integer({ min: 6, max: 249_856, unit: 'MiB' })
    .optional()
    .describe("MiB above which the container is killed, 6 to 249856. Default: none: the task's memory is the limit"),
});

/** The schema of `SidecarProps`. */
export const sidecarOptions = containerOptions.extend({
  essential: z.boolean().default(false).describe('Whether the task stops when this container does'),
});

/** Every port of a container, containerPort first. */
export function portsOf({ containerPort, ports }: Pick<ContainerProps, 'containerPort' | 'ports'>): ContainerPort[] {
  return [...(containerPort === undefined ? [] : [{ containerPort }]), ...(ports ?? [])];
}

/** The name of a port, given or derived. */
export function portName(
  container: Pick<ContainerProps, 'containerName'>,
  { portName: name, containerPort }: ContainerPort,
): string {
  return name ?? `${container.containerName.toLowerCase()}-${containerPort}`;
}

/** Problems between the containers of one task. */
export function containersProblems(
  containers: readonly { readonly path: (string | number)[]; readonly container: SidecarProps }[],
  task: { readonly cpu: number; readonly memoryMiB: number; readonly enableExecuteCommand: boolean },
  isKnown: IsKnown = isGiven,
): OptionProblem[] {
  const found: OptionProblem[] = [];
  const names = containers.map(({ container }) => container.containerName);
  const ports = new Set<string>();
  containers.forEach(({ path, container }, i) => {
    const add = (key: keyof SidecarProps | (string | number)[], message: string, input?: unknown) =>
      void found.push({ path: [...path, ...(typeof key === 'string' ? [key] : key)], message, input });
    if (names.indexOf(container.containerName) < i)
      add('containerName', 'is the name of another container of the task; give each its own', container.containerName);
    for (const name of Object.keys(container.secrets ?? {})) {
      if (container.environment?.[name] !== undefined)
        add(['secrets', name], `"${name}" is also in environment; keep only one of the two`);
    }
    for (const { containerPort, protocol = 'tcp' } of portsOf(container)) {
      const port = `${containerPort}/${protocol}`;
      if (ports.has(port))
        add(
          container.containerPort === containerPort ? 'containerPort' : 'ports',
          `${port} is used twice; the containers of a task share one network interface, so give each its own port`,
        );
      ports.add(port);
    }
    if (container.readonlyRootFilesystem === true && task.enableExecuteCommand)
      add(
        'readonlyRootFilesystem',
        'ECS Exec needs a writable root file system; leave it out, or set enableExecuteCommand to false',
      );
    (container.dependsOn ?? []).forEach(({ containerName, condition }, no) => {
      const other = containers.find((one) => one.container.containerName === containerName)?.container;
      if (other === undefined || other === container) {
        const others = names.filter((name) => name !== container.containerName).join(', ');
        add(
          ['dependsOn', no],
          `"${containerName}" is not another container of the task; use one of ${others || 'its sidecars'}`,
        );
      } else if (condition === 'HEALTHY' && other.healthCheck === undefined)
        add(
          ['dependsOn', no],
          `"${containerName}" has no healthCheck, so it never becomes HEALTHY; add one, or use START`,
        );
    });
  });
  const share = (key: 'containerCpu' | 'containerMemoryMiB'): number =>
    containers.reduce((sum, { container }) => sum + (isKnown(container[key]) ? container[key] : 0), 0);
  const [cpu, memoryMiB] = [share('containerCpu'), share('containerMemoryMiB')];
  if (isKnown(task.cpu) && cpu > task.cpu)
    found.push({
      path: ['containerCpu'],
      message: `the containers reserve ${cpu} CPU units of the task's ${task.cpu}; reserve less, or raise cpu`,
    });
  if (isKnown(task.memoryMiB) && memoryMiB > task.memoryMiB)
    found.push({
      path: ['containerMemoryMiB'],
      message: `the containers take ${memoryMiB} MiB of the task's ${task.memoryMiB}; take less, or raise memoryMiB`,
    });
  return found;
}

/** A container's health check with defaults filled in. */
export function resolvedHealthCheck(check: ContainerHealthCheck) {
  return withDefaults(containerHealthCheck, check);
}
