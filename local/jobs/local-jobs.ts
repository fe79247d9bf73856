// The jobs layer on one machine: a real PostgreSQL, the real functions behind a small HTTP API, and the real worker as
// processes, with the emulator's S3, SQS and ECS records.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Client } from 'pg';
import { migrate } from '../../jobs/schema';
import { actAs } from '../aws/act-as';
import { PostgresServer } from '../postgres';
import type { AwsReaderOptions } from '../run/aws-reader-options';
import { UserError } from '../toolchain';
import { type DeployedJobs, type DeployedKind, readDeployedJobs } from './deployed-jobs';
import { queueUrlOf } from './event-source-poller';
import { LocalEcs, type LocalService } from './local-ecs';
import { LocalFunctions } from './local-functions';
import { LocalScaling } from './local-scaling';
import { workerProgram } from './worker-program';

export interface LocalJobsOptions {
  /** The checkout. */
  readonly root: string;
  /** Where the worker is built and logs are written. */
  readonly folder: string;
  readonly aws: AwsReaderOptions & {
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Of the API; 0 for a free one. */
  readonly port: number;
  /** Kind of work -> folder of its worker. */
  readonly programs: Readonly<Record<string, string>>;
  /** Seconds without work after which workers are stopped. */
  readonly idleSeconds: number;
  /** How long a worker waits for a message. @default as deployed */
  readonly environment?: Readonly<Record<string, string>>;
  readonly say: (text: string) => void;
}

/** Messages that may wait for each that is being worked on: the layer's defaults, 600 s of 60 s each. */
const BACKLOG_PER_WORKER = 10;

export class LocalJobs {
  private readonly ends: (() => Promise<void>)[] = [];
  private functions!: LocalFunctions;
  private server!: PostgresServer;

  private constructor(private readonly options: LocalJobsOptions) {}

  /** Address of the API. */
  get url(): string {
    return this.functions.url;
  }

  /** Address of the database, for its owner. */
  get databaseUrl(): string {
    return this.server.url;
  }

  /** @throws UserError when the layer is not deployed, or a part cannot start; nothing is left running then */
  static async start(options: LocalJobsOptions): Promise<LocalJobs> {
    const jobs = new LocalJobs(options);
    try {
      await jobs.start();
    } catch (error) {
      await jobs.stop();
      throw error;
    }
    return jobs;
  }

  /** Ends everything that was started, workers first; services are at 0 and the database is gone. */
  async stop(): Promise<void> {
    for (const end of this.ends.toReversed().splice(0)) await end();
    this.ends.length = 0;
  }

  private async start(): Promise<void> {
    const { aws, say, idleSeconds, port } = this.options;
    const deployed = await readDeployedJobs(aws);
    const programs = deployed.kinds.map((kind) => this.folderOf(kind));
    this.server = await PostgresServer.start();
    this.ends.push(() => this.server.stop());
    const owner = new Client(this.server.url);
    await owner.connect();
    const { applied } = await migrate(owner).finally(() => owner.end());
    say(`PostgreSQL on port ${this.server.port}, with ${applied.length} migrations`);
    await forgetMessages(deployed, { aws, sqs: new SQSClient(aws) });

    const worker = join(this.options.folder, 'worker.mjs');
    await bundle(worker);
    const ecs = new ECSClient(aws);
    const services: LocalService[] = [];
    for (const [i, kind] of deployed.kinds.entries()) services.push(await this.service(kind, programs[i]!, worker));
    const local = new LocalEcs({ ecs, services, logFolder: join(this.options.folder, 'logs'), say });
    this.ends.push(async () => {
      await local.stop();
      // What is left at 1 would start a worker for nothing the next time.
      await Promise.all(services.map((service) => setDesired(ecs, service, 0)));
    });
    await local.start();
    const scaling = new LocalScaling({
      aws,
      services: deployed.kinds,
      idleSeconds,
      backlogPerWorker: BACKLOG_PER_WORKER,
      say,
    });
    this.ends.push(() => scaling.stop());
    scaling.start();
    const databaseUrl = this.server.urlFor('strata_submitter');
    this.functions = await LocalFunctions.start({ aws, deployed, databaseUrl, port, say });
    this.ends.push(() => this.functions.stop());
  }

  private folderOf({ kind }: DeployedKind): string {
    const folder = this.options.programs[kind];
    if (folder !== undefined) return folder;
    throw new UserError(`no worker is named for the kind "${kind}"; add --kind ${kind}=<folder with its Dockerfile>`);
  }

  private async service(kind: DeployedKind, folder: string, worker: string): Promise<LocalService> {
    const { aws, root } = this.options;
    const { command, digest } = workerProgram(folder);
    const credentials =
      kind.taskRoleArn === undefined ? aws.credentials : await actAs(aws.endpoint, kind.taskRoleArn, kind.serviceName);
    return {
      clusterName: kind.clusterName,
      serviceName: kind.serviceName,
      command: [process.execPath, worker, '--', ...command],
      environment: {
        ...process.env,
        PYTHONUNBUFFERED: '1',
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONPATH: join(root, 'modules/worker-runtime/python'),
        ...kind.environment,
        STRATA_DATABASE_URL: this.server.urlFor('strata_worker'),
        STRATA_DATABASE_IAM: 'false',
        STRATA_IMAGE_DIGEST: digest,
        // moto takes minutes for a large body in the chunks that the SDK's own checksums come in.
        AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_REGION: aws.region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        ...this.options.environment,
      },
    };
  }
}

/** Messages of an earlier run: their jobs went with its database. */
async function forgetMessages(
  { settings, eventSources }: DeployedJobs,
  { aws, sqs }: { readonly aws: { readonly endpoint: string }; readonly sqs: SQSClient },
): Promise<void> {
  const { kinds, wakeQueueUrl } = settings;
  const urls = new Set([
    ...Object.values(kinds).map(({ queueUrl }) => queueUrl),
    ...(wakeQueueUrl === undefined ? [] : [wakeQueueUrl]),
    ...eventSources.map(({ queueArn }) => queueUrlOf(aws.endpoint, queueArn)),
  ]);
  for (const QueueUrl of urls) await sqs.send(new PurgeQueueCommand({ QueueUrl }));
}

async function setDesired(ecs: ECSClient, service: LocalService, desiredCount: number): Promise<void> {
  const { clusterName: cluster, serviceName } = service;
  await ecs.send(new UpdateServiceCommand({ cluster, service: serviceName, desiredCount })).catch(() => undefined);
}

async function bundle(outfile: string): Promise<void> {
  mkdirSync(dirname(outfile), { recursive: true });
  await promisify(execFile)(process.execPath, [join(__dirname, 'bundle-worker.mjs'), outfile]);
}
