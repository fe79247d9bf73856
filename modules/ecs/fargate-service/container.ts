import { isResolved, type Problems, requireInteger, requireName, requireOneOf } from '@strata/core';
import { CONTAINER_NAME, PORT_NAME } from './names';
import { checkSecrets, type Secrets } from './secrets';

/** A port that a container listens on. */
export interface ContainerPort {
  readonly containerPort: number;
  /**
   * Service Connect and VPC Lattice refer to the port by it.
   * @default `<containerName>-<containerPort>` in lower case
   */
  readonly portName?: string;
  /** @default tcp */
  readonly protocol?: 'tcp' | 'udp';
  /** Lets Service Connect speak the protocol (retries, metrics). @default none: plain TCP */
  readonly appProtocol?: 'http' | 'http2' | 'grpc';
}

/** The health check that ECS runs inside the container; a load balancer's is set on its target group. */
export interface ContainerHealthCheck {
  /** Starts with `CMD` (arguments) or `CMD-SHELL` (one line for the container's shell). */
  readonly command: readonly string[];
  /** 5 to 300. @default 30 */
  readonly intervalSeconds?: number;
  /** 2 to 60. @default 5 */
  readonly timeoutSeconds?: number;
  /** 1 to 10. @default 3 */
  readonly retries?: number;
  /** Grace period, 0 to 300. @default 0 */
  readonly startPeriodSeconds?: number;
}

/** What another container of the task must have reached before this one starts. */
export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';
}

/** Fargate lets one limit be changed: the number of open files. */
export interface ContainerUlimit {
  readonly name: 'nofile';
  readonly softLimit: number;
  readonly hardLimit: number;
}

/** A container of a task. Prices and limits are of the whole task; `cpu` and the memories here only share them out. */
export interface ContainerProps {
  /** Unique in the task. A pipeline's `imagedefinitions.json` names the container by it. */
  readonly containerName: string;
  /** Image URI with tag or digest. */
  readonly image: string;
  /**
   * ARN of the ECR repository of the image: the execution role may pull from it and from no other.
   * @default none: a public image
   */
  readonly repositoryArn?: string;
  /** @default none */
  readonly ports?: readonly ContainerPort[];
  /** Plain environment variables. Never a secret: they are readable in the task definition. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables whose values ECS reads at start; the execution role may read exactly these. @default none */
  readonly secrets?: Secrets;
  /** @default the image's own */
  readonly command?: readonly string[];
  /** @default the image's own */
  readonly entryPoint?: readonly string[];
  /** User, or user:group, that the process runs as. @default the image's own */
  readonly user?: string;
  /** @default the image's own */
  readonly workingDirectory?: string;
  /**
   * Only `writablePaths` can be written. ECS Exec needs a writable file system.
   * @default true, false where ECS Exec is on
   */
  readonly readonlyRootFilesystem?: boolean;
  /**
   * Absolute paths that get an empty volume of their own for the life of the task, on the task's ephemeral storage.
   * A volume belongs to root, mode 755, unless the image declares the path with `VOLUME`: then it has that directory's
   * owner and mode.
   * @default `/tmp` where the root file system is read-only
   */
  readonly writablePaths?: readonly string[];
  /** Seconds between SIGTERM and SIGKILL, 0 to 120. @default 30, by ECS */
  readonly stopTimeoutSeconds?: number;
  /** @default none */
  readonly healthCheck?: ContainerHealthCheck;
  /** @default none: 65535 soft and hard, by Fargate */
  readonly ulimits?: readonly ContainerUlimit[];
  /** Runs an init process that reaps zombies and forwards signals. @default true */
  readonly initProcessEnabled?: boolean;
  /** Start order within the task. @default none */
  readonly dependsOn?: readonly ContainerDependency[];
  /** CPU units reserved out of the task's. @default 0: an equal share of what is free */
  readonly containerCpu?: number;
  /** The container is killed above it. @default none: the task's memory is the limit */
  readonly containerMemoryMiB?: number;
}

/** A container beside the main one. */
export interface SidecarProps extends ContainerProps {
  /** Whether the task stops when this container does. @default false */
  readonly essential?: boolean;
}

/** The name of a port, given or derived. */
export function portName(container: ContainerProps, port: ContainerPort): string {
  return port.portName ?? `${container.containerName.toLowerCase()}-${port.containerPort}`;
}

/** Checks one container; `key` goes before the prop's name: empty for the main one, `sidecars[0].` for others. */
export function checkContainer(problems: Problems, key: string, container: ContainerProps): void {
  requireName(problems, `${key}containerName`, container.containerName, CONTAINER_NAME);
  problems.check(container.image !== '', `${key}image: "" is not an image; give its URI with a tag or a digest`);
  const { repositoryArn, user, workingDirectory } = container;
  problems.check(
    !isResolved(repositoryArn) || /^arn:[^:]+:ecr:[^:]+:\d{12}:repository\/.+$/.test(repositoryArn),
    `${key}repositoryArn: "${repositoryArn}" is not the ARN of an ECR repository; write ` +
      'arn:aws:ecr:region:account:repository/name',
  );
  problems.check(
    !isResolved(user) || /^[^:\s]+(:[^:\s]+)?$/.test(user),
    `${key}user: "${user}" is not a user; write user or user:group, names or numbers`,
  );
  problems.check(
    !isResolved(workingDirectory) || workingDirectory.startsWith('/'),
    `${key}workingDirectory: "${workingDirectory}" is not absolute; start it with /`,
  );
  container.ports?.forEach((port, i) => {
    requireInteger(problems, `${key}ports[${i}].containerPort`, port.containerPort, { min: 1, max: 65535 });
    requireName(problems, `${key}ports[${i}].portName`, portName(container, port), PORT_NAME);
    requireOneOf(problems, `${key}ports[${i}].protocol`, port.protocol, ['tcp', 'udp']);
    requireOneOf(problems, `${key}ports[${i}].appProtocol`, port.appProtocol, ['http', 'http2', 'grpc']);
  });
  checkEnvironment(problems, key, container);
  container.writablePaths?.forEach((path, i) => {
    problems.check(
      !isResolved(path) || /^\/[^:\s]+$/.test(path),
      `${key}writablePaths[${i}]: "${path}" is not a path to mount; write an absolute one below /`,
    );
  });
  requireInteger(problems, `${key}stopTimeoutSeconds`, container.stopTimeoutSeconds, {
    min: 2,
    max: 120,
    unit: 'seconds',
  });
  requireInteger(problems, `${key}containerCpu`, container.containerCpu, { min: 0, max: 32768, unit: 'CPU units' });
  requireInteger(problems, `${key}containerMemoryMiB`, container.containerMemoryMiB, {
    min: 6,
    max: 249856,
    unit: 'MiB',
  });
  checkHealthCheck(problems, `${key}healthCheck`, container.healthCheck);
  container.ulimits?.forEach((limit, i) => {
    requireOneOf(problems, `${key}ulimits[${i}].name`, limit.name, ['nofile']);
    requireInteger(problems, `${key}ulimits[${i}].hardLimit`, limit.hardLimit, { min: 1, max: 1048576 });
    requireInteger(problems, `${key}ulimits[${i}].softLimit`, limit.softLimit, { min: 1, max: limit.hardLimit });
  });
}

function checkEnvironment(problems: Problems, key: string, container: ContainerProps): void {
  for (const prop of ['environment', 'secrets'] as const) {
    for (const name of Object.keys(container[prop] ?? {})) {
      problems.check(
        /^[^=\s]+$/.test(name),
        `${key}${prop}: "${name}" is not the name of an environment variable; leave out spaces and "="`,
      );
    }
  }
  for (const name of Object.keys(container.secrets ?? {})) {
    problems.check(
      container.environment?.[name] === undefined,
      `${key}secrets.${name}: "${name}" is in environment too; keep it in one of the two`,
    );
  }
  checkSecrets(problems, `${key}secrets`, container.secrets);
}

function checkHealthCheck(problems: Problems, key: string, check: ContainerHealthCheck | undefined): void {
  if (check === undefined) return;
  const [form] = check.command;
  problems.check(
    !isResolved(form) ? form !== undefined : form === 'CMD' || form === 'CMD-SHELL',
    `${key}.command: "${form ?? ''}" cannot start a health check; start it with CMD or CMD-SHELL`,
  );
  requireInteger(problems, `${key}.intervalSeconds`, check.intervalSeconds, { min: 5, max: 300, unit: 'seconds' });
  requireInteger(problems, `${key}.timeoutSeconds`, check.timeoutSeconds, { min: 2, max: 60, unit: 'seconds' });
  requireInteger(problems, `${key}.retries`, check.retries, { min: 1, max: 10 });
  requireInteger(problems, `${key}.startPeriodSeconds`, check.startPeriodSeconds, {
    min: 0,
    max: 300,
    unit: 'seconds',
  });
}
