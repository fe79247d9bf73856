// The functions of the jobs API in this process, each with the rights of its own role at the emulator.
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { EventSender, openDatabase } from '@strata/worker-runtime/jobs';
import type { ApiContext } from '../../jobs/api/context';
import { handleDeadLetters } from '../../jobs/api/dead-letter';
import { httpHandler } from '../../jobs/api/http/route';
import { statusRoutes } from '../../jobs/api/status';
import { submitRoutes } from '../../jobs/api/submit';
import { handleWake } from '../../jobs/api/wake';
import { actAs } from '../aws/act-as';
import type { AwsReaderOptions } from '../run/aws-reader-options';
import type { DeployedJobs, JobsFunctionName } from './deployed-jobs';
import { EventSourcePoller, queueUrlOf } from './event-source-poller';
import { LocalHttpApi } from './http-api';

export interface LocalFunctionsOptions {
  readonly aws: AwsReaderOptions & { readonly endpoint: string };
  readonly deployed: DeployedJobs;
  /** Of the submitter. */
  readonly databaseUrl: string;
  /** Of the API. */
  readonly port: number;
  readonly say: (text: string) => void;
}

/** Calls of a function that run together share these. */
const CONNECTIONS = 5;

const HANDLERS = { wake: handleWake, 'dead-letter': handleDeadLetters } as const;

export class LocalFunctions {
  private constructor(
    private readonly api: LocalHttpApi,
    private readonly pollers: readonly EventSourcePoller[],
    private readonly contexts: readonly ApiContext[],
  ) {}

  get url(): string {
    return this.api.url;
  }

  static async start(options: LocalFunctionsOptions): Promise<LocalFunctions> {
    const { deployed, say } = options;
    const contexts = new Map<JobsFunctionName, ApiContext>();
    for (const name of ['submit', 'status', 'dead-letter', 'wake'] as const)
      contexts.set(name, await contextOf(name, options));
    const of = (name: JobsFunctionName): ApiContext => contexts.get(name)!;
    const [submit, status] = [httpHandler(of('submit'), submitRoutes), httpHandler(of('status'), statusRoutes)];
    const api = await LocalHttpApi.start({
      port: options.port,
      routes: {
        ...Object.fromEntries(Object.keys(submitRoutes).map((route) => [route, submit])),
        ...Object.fromEntries(Object.keys(statusRoutes).map((route) => [route, status])),
      },
    });
    const pollers = deployed.eventSources.flatMap(({ queueArn, target }) => {
      if (target !== 'wake' && target !== 'dead-letter') return [];
      const handle = HANDLERS[target];
      const queueUrl = queueUrlOf(options.aws.endpoint, queueArn);
      return [
        new EventSourcePoller({ sqs: of(target).sqs, queueUrl, handler: (event) => handle(of(target), event), say }),
      ];
    });
    for (const poller of pollers) poller.start();
    return new LocalFunctions(api, pollers, [...contexts.values()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.api.stop(), ...this.pollers.map((poller) => poller.stop())]);
    for (const { pool } of this.contexts) {
      // A long poll that is still open asks no more.
      pool.connect = () => new Promise<never>(() => undefined);
      await pool.end();
    }
  }
}

async function contextOf(
  name: JobsFunctionName,
  { aws, deployed, databaseUrl }: LocalFunctionsOptions,
): Promise<ApiContext> {
  const { roleArn, name: functionName } = deployed.functions[name];
  const credentials = await actAs(aws.endpoint, roleArn, functionName);
  const client = { ...aws, credentials };
  return {
    // No authorizer stands before this API: whoever reaches it is the one tenant.
    settings: { ...deployed.settings, databaseUrl, databaseIam: false, tenant: { from: 'none' } },
    pool: openDatabase({ url: databaseUrl, iam: false, connections: CONNECTIONS }),
    s3: new S3Client({ ...client, forcePathStyle: true }),
    sqs: new SQSClient(client),
    ecs: new ECSClient(client),
    events: new EventSender(new EventBridgeClient(client), deployed.settings.eventBus),
  };
}
