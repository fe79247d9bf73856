import {
  portName,
  portsOf,
  resolvedHealthCheck,
  type ContainerHealthCheck,
  type SidecarProps,
} from './container-options';
import { secretValueFrom } from './secrets';
import { terraformJson, type JsonValue } from '@strata/core';

/** A container with all values that the task provides. */
export interface ResolvedContainer extends SidecarProps {
  readonly essential: boolean;
  readonly readonlyRootFilesystem: boolean;
  readonly writablePaths: readonly string[];
}

export interface ContainerLogs {
  readonly logGroupName: string;
  readonly region: string;
  readonly mode: 'blocking' | 'non-blocking';
  readonly bufferMiB: number;
}

/** Name of the volume of a writable path: one per container and path, so that containers do not share scratch files. */
export function volumeName(containerName: string, path: string): string {
  return `${containerName}${path.replace(/\/+$/, '').replace(/[^A-Za-z0-9_-]+/g, '-')}`;
}

/**
 * The container definitions of a task, as JSON in the form that ECS returns: with defaults, environment and secrets
 * sorted by name. A revision that a pipeline registers as a copy of the running one is then identical to the text here,
 * and Terraform's plan stays empty.
 */
export function containerDefinitions(containers: readonly ResolvedContainer[], logs: ContainerLogs): string {
  return terraformJson(containers.map((container) => containerDefinition(container, logs)));
}

function containerDefinition(c: ResolvedContainer, logs: ContainerLogs): JsonValue {
  return {
    name: c.containerName,
    image: c.image,
    cpu: c.containerCpu ?? 0,
    memory: c.containerMemoryMiB,
    essential: c.essential,
    entryPoint: c.entryPoint,
    command: c.command,
    user: c.user,
    workingDirectory: c.workingDirectory,
    // In awsvpc mode, the only one of Fargate, ECS sets the host port to the container's.
    portMappings: portsOf(c).map((port) => ({
      containerPort: port.containerPort,
      hostPort: port.containerPort,
      protocol: port.protocol ?? 'tcp',
      name: portName(c, port),
      appProtocol: port.appProtocol,
    })),
    environment: byName(c.environment).map(([name, value]) => ({ name, value })),
    secrets:
      c.secrets === undefined
        ? undefined
        : byName(c.secrets).map(([name, source]) => ({ name, valueFrom: secretValueFrom(source) })),
    mountPoints: c.writablePaths.map((path) => ({
      sourceVolume: volumeName(c.containerName, path),
      containerPath: path,
      readOnly: false,
    })),
    volumesFrom: [],
    dependsOn: c.dependsOn?.map(({ containerName, condition }) => ({ containerName, condition })),
    linuxParameters: { initProcessEnabled: c.initProcessEnabled ?? true },
    readonlyRootFilesystem: c.readonlyRootFilesystem,
    stopTimeout: c.stopTimeoutSeconds,
    healthCheck: c.healthCheck && healthCheck(c.healthCheck),
    ulimits: c.ulimits?.map(({ name, softLimit, hardLimit }) => ({ name, softLimit, hardLimit })),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': logs.logGroupName,
        'awslogs-region': logs.region,
        'awslogs-stream-prefix': c.containerName,
        mode: logs.mode,
        // Only the non-blocking mode has a buffer; the blocking mode rejects the option.
        'max-buffer-size': logs.mode === 'non-blocking' ? `${logs.bufferMiB}m` : undefined,
      },
    },
    systemControls: [],
  };
}

function healthCheck(check: ContainerHealthCheck): JsonValue {
  const { command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = resolvedHealthCheck(check);
  return { command, interval: intervalSeconds, timeout: timeoutSeconds, retries, startPeriod: startPeriodSeconds };
}

/** Entries sorted by code point, the order in which the provider compares them. */
function byName<T>(record: Readonly<Record<string, T>> | undefined): [string, T][] {
  return Object.entries(record ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
