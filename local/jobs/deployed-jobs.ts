// The jobs layer as it is deployed: what the AWS API of the emulator says of its functions, queues and services.
import { DescribeTaskDefinitionCommand, DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient, paginateListEventSourceMappings, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { ApiSettings } from '../../jobs/api/settings';
import type { AwsReaderOptions } from '../run/aws-reader-options';
import { UserError } from '../toolchain';

export type JobsFunctionName = 'submit' | 'status' | 'dead-letter' | 'wake';

export interface DeployedFunction {
  readonly name: string;
  readonly roleArn: string;
}

/** A queue whose messages go to a function. */
export interface EventSource {
  readonly queueArn: string;
  readonly target: JobsFunctionName;
}

export interface DeployedKind {
  readonly kind: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly queueUrl: string;
  readonly taskRoleArn: string | undefined;
  /** Environment of the worker's container. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface DeployedJobs {
  /** What the functions are told; the database is another one here. */
  readonly settings: ApiSettings;
  readonly functions: Readonly<Record<JobsFunctionName, DeployedFunction>>;
  readonly eventSources: readonly EventSource[];
  readonly kinds: readonly DeployedKind[];
}

const NAMES: readonly JobsFunctionName[] = ['submit', 'status', 'dead-letter', 'wake'];

/** @throws UserError when the layer is not deployed, or not whole */
export async function readDeployedJobs(aws: AwsReaderOptions): Promise<DeployedJobs> {
  const lambda = new LambdaClient(aws);
  const found = new Map<string, { name: string; roleArn: string; settings?: string }>();
  for await (const { Functions: functions = [] } of paginateListFunctions({ client: lambda }, {}))
    for (const { FunctionName: name = '', Role: roleArn = '', Environment: environment } of functions) {
      const short = /(?:^|-)jobs-([a-z-]+)$/.exec(name)?.[1];
      if (short !== undefined) found.set(short, { name, roleArn, settings: environment?.Variables?.STRATA_JOBS_API });
    }
  const missing = NAMES.filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new UserError(`the functions of the jobs layer are not deployed: jobs-${missing.join(', jobs-')}`);
  const settings = JSON.parse(found.get('submit')!.settings ?? '{}') as ApiSettings;

  const eventSources: EventSource[] = [];
  for await (const { EventSourceMappings: mappings = [] } of paginateListEventSourceMappings({ client: lambda }, {}))
    for (const { EventSourceArn: queueArn = '', FunctionArn: arn = '' } of mappings) {
      const target = NAMES.find((name) => arn.endsWith(`:${found.get(name)!.name}`));
      if (target !== undefined) eventSources.push({ queueArn, target });
    }
  const ecs = new ECSClient(aws);
  const kinds = Object.entries(settings.kinds).map(([kind, { queueUrl, clusterName = '', serviceName = '' }]) =>
    readKind(ecs, { kind, queueUrl, clusterName, serviceName }),
  );
  return {
    settings,
    functions: Object.fromEntries(found) as unknown as DeployedJobs['functions'],
    eventSources,
    kinds: await Promise.all(kinds),
  };
}

async function readKind(
  ecs: ECSClient,
  place: Pick<DeployedKind, 'kind' | 'queueUrl' | 'clusterName' | 'serviceName'>,
): Promise<DeployedKind> {
  const { services: [service] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: place.clusterName, services: [place.serviceName] }),
  );
  if (service === undefined) throw new UserError(`the service ${place.serviceName} is not deployed`);
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
  );
  const variables = taskDefinition?.containerDefinitions?.[0]?.environment ?? [];
  return {
    ...place,
    taskRoleArn: taskDefinition?.taskRoleArn,
    environment: Object.fromEntries(variables.map(({ name = '', value = '' }) => [name, value])),
  };
}
