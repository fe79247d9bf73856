import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const ecsTaskDefinitionContainers: Rule = {
  service: 'ecs',
  operations: ['RegisterTaskDefinition'],
  what: 'containers of one name, none that is essential, a host port besides the container port under awsvpc, more memory or CPU than the task has, dependencies on unknown containers, ephemeral storage outside 21 to 200 GiB, and a stop timeout above 120 s on Fargate',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
  check({ input }) {
    const containers: Reading[] = input.containerDefinitions ?? [];
    const refused = (message: string) => ({ code: 'ClientException', message });
    const names = containers.map(({ name }) => name as string);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) return refused(`Container name '${twice}' is used more than once.`);
    if (containers.length > 0 && containers.every(({ essential }) => essential === false))
      return refused('TaskDefinition must have at least one essential container.');
    const fargate = (input.requiresCompatibilities ?? []).includes('FARGATE');
    for (const { name, portMappings = [], dependsOn = [], stopTimeout } of containers) {
      const apart = portMappings.find(
        ({ hostPort, containerPort }: Reading) =>
          hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort,
      );
      if (input.networkMode === 'awsvpc' && apart !== undefined)
        return refused(
          `When networkMode=awsvpc, the host ports and container ports in port mappings must match: container '${name}'.`,
        );
      const unknown = dependsOn.find(({ containerName }: Reading) => !names.includes(containerName));
      if (unknown !== undefined)
        return refused(`Container '${name}' depends on unknown container '${unknown.containerName}'.`);
      if (fargate && stopTimeout > 120)
        return refused(`Stop timeout of container '${name}' cannot be more than 120 seconds on Fargate.`);
    }
    const sum = (key: string): number =>
      containers.reduce((total, container) => total + Number(container[key] ?? 0), 0);
    if (/^\d+$/.test(String(input.memory)) && sum('memoryReservation') > Number(input.memory))
      return refused("The memory of the containers is more than the task's 'memory'.");
    if (/^\d+$/.test(String(input.memory)) && containers.some(({ memory }) => memory > Number(input.memory)))
      return refused("Invalid setting for container. The 'memory' of a container cannot exceed that of the task.");
    if (/^\d+$/.test(String(input.cpu)) && sum('cpu') > Number(input.cpu))
      return refused("The total 'cpu' of the containers cannot exceed that of the task.");
    const storage = input.ephemeralStorage?.sizeInGiB;
    if (storage !== undefined && (storage < 21 || storage > 200))
      return refused(`Ephemeral storage must be between 21 and 200 GiB, not ${storage}.`);
    return undefined;
  },
};
