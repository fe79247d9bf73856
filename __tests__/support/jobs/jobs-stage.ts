import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Client, Pool } from 'pg';

import { migrate } from '../../../jobs/schema';
import { PostgresServer } from '../../../local/postgres';
import { TestAws } from '../e2e/aws';

export const LINES = 300;
export const VISIBILITY_SECONDS = 3;

export interface JobRow {
  readonly state: string;
  readonly attempt: number;
  readonly failures: number;
  readonly result_prefix: string | null;
  readonly result_rows: string | null;
  readonly error_code: string | null;
  readonly notified_at: Date | null;
  readonly lease_until: Date | null;
}

/** A worker that was started: a real process. */
export class StartedWorker {
  readonly exit: Promise<string>;
  constructor(
    readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    this.exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
  }
  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }
  async kill(signal: NodeJS.Signals): Promise<string> {
    this.child.kill(signal);
    return await this.exit;
  }
}

/** PostgreSQL, the emulated SQS and S3, and workers as processes. */
export class JobsStage {
  private readonly workers: StartedWorker[] = [];
  private constructor(
    readonly postgres: PostgresServer,
    readonly aws: TestAws,
    private connection: Pool,
    readonly sqs: SQSClient,
    readonly s3: S3Client,
    private readonly folder: string,
  ) {}

  static async start(): Promise<JobsStage> {
    const folder = mkdtempSync(join(tmpdir(), 'strata-jobs-'));
    const [postgres, aws] = await Promise.all([PostgresServer.start(), TestAws.start(), bundle(folder)]);
    const client = new Client(postgres.url);
    await client.connect();
    await migrate(client);
    await client.end();
    const owner = connect(postgres);
    const s3 = new S3Client({ ...aws.clients, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'jobs' }));
    return new JobsStage(postgres, aws, owner, new SQSClient(aws.clients), s3, folder);
  }

  /** Connections as the owner of the tables, whom row-level security does not hold. */
  get owner(): Pool {
    return this.connection;
  }

  /** After the database was down. */
  async reconnect(): Promise<void> {
    await this.connection.end();
    this.connection = connect(this.postgres);
  }

  async stop(): Promise<void> {
    for (const { child } of this.workers) child.kill('SIGKILL');
    await Promise.all(this.workers.map(({ exit }) => exit));
    await this.owner.end();
    await Promise.all([this.postgres.stop(), this.aws.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async makeQueue(): Promise<string> {
    const { QueueUrl: url } = await this.sqs.send(new CreateQueueCommand({ QueueName: `jobs-${randomUUID()}` }));
    return url!;
  }

  /** A job whose input has `LINES` lines, sent unless `send` is false. */
  async submit(queueUrl: string, parameters: object = {}, send = true): Promise<string> {
    const jobId = randomUUID();
    const body = Array.from({ length: LINES }, (_, i) => `comment ${i}`).join('\n');
    const key = `uploads/red/${jobId}`;
    const { ETag: etag } = await this.s3.send(new PutObjectCommand({ Bucket: 'jobs', Key: key, Body: body }));
    await this.owner.query(
      `INSERT INTO job (job_id, tenant, idempotency_key, body_sha256, kind, parameters, input_bucket, input_key, input_etag)
       VALUES ($1, 'red', $1, 'h', 'lines', $2, 'jobs', $3, $4)`,
      [jobId, parameters, key, etag],
    );
    if (send) await this.send(queueUrl, jobId);
    return jobId;
  }

  async send(queueUrl: string, jobId: string): Promise<void> {
    const MessageBody = JSON.stringify({ jobId, tenant: 'red' });
    await this.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, MessageGroupId: 'red' }));
  }

  /** @param work name of the program that it runs */
  startWorker(
    queueUrl: string,
    environment: Readonly<Record<string, string>> = {},
    work: 'work-program' | 'comments-program' = 'work-program',
  ): StartedWorker {
    const folder = mkdtempSync(join(this.folder, 'worker-'));
    const log = openSync(join(folder, 'log'), 'a');
    const program = [process.execPath, join(this.folder, `${work}.cjs`)];
    const child = spawn(process.execPath, [join(this.folder, 'worker-program.cjs'), ...program], {
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: this.aws.clients.endpoint,
        AWS_REGION: this.aws.clients.region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        TMPDIR: this.folder,
        STRATA_KIND: 'lines',
        STRATA_QUEUE_URL: queueUrl,
        STRATA_BUCKET: 'jobs',
        STRATA_EVENT_BUS: 'default',
        STRATA_DATABASE_URL: this.postgres.urlFor('strata_worker'),
        STRATA_VISIBILITY_SECONDS: String(VISIBILITY_SECONDS),
        STRATA_HEARTBEAT_SECONDS: '0.5',
        STRATA_RECEIVE_SECONDS: '2',
        STRATA_RETRY_SECONDS: '0',
        STRATA_GRACE_SECONDS: '5',
        ...environment,
      },
    });
    const worker = new StartedWorker(child, folder);
    this.workers.push(worker);
    return worker;
  }

  async job(jobId: string): Promise<JobRow> {
    const { rows } = await this.owner.query<JobRow>('SELECT * FROM job WHERE job_id = $1', [jobId]);
    return rows[0]!;
  }

  /** Waits until a job is as it should be; the error has the job and, of each worker, the end of its log. */
  async until(jobId: string, condition: (job: JobRow) => boolean, seconds = 25): Promise<JobRow> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const job = await this.job(jobId);
      if (condition(job)) return job;
      if (Date.now() > deadline) {
        const logs = this.workers.map((worker) => worker.log().split('\n').slice(-6).join('\n'));
        throw new Error(`after ${seconds} s the job is ${JSON.stringify(job)}\n${logs.join('\n---\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The rows that readers see: those of the attempt that the job names. */
  async lines(jobId: string): Promise<number[]> {
    const { rows } = await this.owner.query<{ line: number }>(
      `SELECT (data->>'line')::int AS line FROM result_row JOIN job USING (job_id, attempt) WHERE job_id = $1 ORDER BY row_no`,
      [jobId],
    );
    return rows.map(({ line }) => line);
  }

  /** How many messages are left, waited for until there are none or the time is over. */
  async messagesLeft(queueUrl: string, seconds = 8): Promise<number> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const { Attributes: of = {} } = await this.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
      );
      const counts = [
        of.ApproximateNumberOfMessages,
        of.ApproximateNumberOfMessagesNotVisible,
        of.ApproximateNumberOfMessagesDelayed,
      ];
      const left = counts.reduce((sum, count) => sum + Number(count), 0);
      if (left === 0 || Date.now() > deadline) return left;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The receives that the next message has behind it. */
  async receives(queueUrl: string): Promise<number> {
    const { Messages: [message] = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        WaitTimeSeconds: 5,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    return Number(message?.Attributes?.ApproximateReceiveCount);
  }
}

function connect(postgres: PostgresServer): Pool {
  const pool = new Pool({ connectionString: postgres.url, max: 6 });
  pool.on('error', () => undefined); // the test stops the server
  return pool;
}

async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: ['worker-program', 'work-program', 'comments-program'].map((name) => join(__dirname, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    external: ['pg-native'],
    logLevel: 'silent',
  });
}
