import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { EventSender } from '@strata/worker-runtime/jobs';
import path from 'node:path';
import { Client } from 'pg';

import { type ApiContext, openContext } from '../../../jobs/api/context';
import { readApiSettings } from '../../../jobs/api/settings';
import { migrate } from '../../../jobs/schema';
import { actAs } from '../../../local/aws/act-as';
import { PostgresServer } from '../../../local/postgres';
import { readSettings, runWorker } from '../../../modules/worker-runtime';
import type { ClientConfig } from '../e2e/aws';

/** The code of the jobs layer with what it was deployed with: variables and roles. The database is a real one. */
export class DeployedJobs {
  private readonly contexts: ApiContext[] = [];
  private constructor(
    private readonly clients: ClientConfig,
    private readonly postgres: PostgresServer,
  ) {}

  static async start(clients: ClientConfig): Promise<DeployedJobs> {
    const postgres = await PostgresServer.start();
    const client = new Client(postgres.url);
    await client.connect();
    await migrate(client);
    await client.end();
    return new DeployedJobs(clients, postgres);
  }

  async stop(): Promise<void> {
    await Promise.all(this.contexts.map(({ pool }) => pool.end()));
    await this.postgres.stop();
  }

  /** What a function works with, as its role. */
  async functionNamed(FunctionName: string): Promise<ApiContext> {
    const { Role = '', Environment } = await new LambdaClient(this.clients).send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );
    const deployed = readApiSettings(Environment?.Variables ?? {});
    const settings = { ...deployed, databaseUrl: this.postgres.urlFor('strata_submitter'), databaseIam: false };
    const { endpoint, region } = this.clients;
    const config = { endpoint, region, credentials: await actAs(endpoint, Role, FunctionName) };
    const context: ApiContext = {
      ...openContext(settings),
      s3: new S3Client(config),
      sqs: new SQSClient(config),
      ecs: new ECSClient(config),
      events: new EventSender(new EventBridgeClient(config), settings.eventBus),
    };
    this.contexts.push(context);
    return context;
  }

  /** Runs the worker of a task definition as its task's role, until it is told to end. */
  async work(taskDefinition: string, signal: AbortSignal): Promise<void> {
    const { taskDefinition: found } = await new ECSClient(this.clients).send(
      new DescribeTaskDefinitionCommand({ taskDefinition }),
    );
    const { endpoint, region } = this.clients;
    const { accessKeyId, secretAccessKey } = await actAs(endpoint, found!.taskRoleArn!, 'worker');
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    });
    const variables = found!.containerDefinitions![0]!.environment!.map(({ name, value }) => [name!, value!]);
    const program = path.join(__dirname, 'work-program.ts');
    try {
      await runWorker({
        settings: readSettings({
          ...Object.fromEntries(variables),
          STRATA_DATABASE_URL: this.postgres.urlFor('strata_worker'),
          STRATA_DATABASE_IAM: 'false',
          STRATA_RECEIVE_SECONDS: '1',
        }),
        command: [process.execPath, '--import', require.resolve('tsx'), program],
        signal,
        log: () => undefined,
      });
    } finally {
      process.env = before;
    }
  }
}
