import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Client } from 'pg';

import { migrate } from '../../jobs/schema';
import { startEmulator, stopEmulator } from '../../local/aws/emulator';
import { locate } from '../../local/aws/location';
import { freePort } from '../../local/aws/moto';
import { PostgresServer } from '../../local/postgres';
import { randomFrom } from './random';

export interface KillsOptions {
  readonly jobs: number;
  readonly workers: number;
  readonly kills: number;
  /** Of the random moments and victims. */
  readonly seed: number;
  /** Lines of each input. @default 200 */
  readonly lines?: number;
  /** The longest pause between two kills. @default 300 */
  readonly pauseMilliseconds?: number;
  /** @default nothing is told */
  readonly progress?: (text: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface KillsResult {
  readonly kills: number;
  readonly seconds: number;
  /** How many jobs are in each state. */
  readonly states: Readonly<Record<string, number>>;
  /** Jobs whose rows are not each line once. */
  readonly wrongRows: number;
  /** Jobs that say that they run, are leased, or were not told of. */
  readonly leftRunning: number;
  readonly messagesLeft: number;
  /** Claims of all jobs: the jobs, and what the kills cost. */
  readonly claims: number;
}

const VISIBILITY_SECONDS = 3;
const END_SECONDS = 300;
/** About as long as a job takes here. */
const JOB_MILLISECONDS = 500;

/** Kills workers at random moments while they work on jobs, then says what has become of the jobs. */
export async function runKills(options: KillsOptions): Promise<KillsResult> {
  const folder = mkdtempSync(join(tmpdir(), 'strata-kills-'));
  const environment = options.environment ?? process.env;
  const location = locate({ STRATA_EMULATOR_PORT: String(await freePort()) }, folder);
  let postgres: PostgresServer | undefined;
  let fleet: Fleet | undefined;
  try {
    [postgres] = await Promise.all([PostgresServer.start(), startEmulator(location, { environment }), bundle(folder)]);
    const owner = new Client(postgres.url);
    await owner.connect();
    try {
      await migrate(owner);
      const clients = {
        endpoint: location.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      };
      const sqs = new SQSClient(clients);
      const { QueueUrl: queueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'kills' }));
      await submitAll(owner, sqs, new S3Client(clients), queueUrl, options);
      fleet = new Fleet(folder, options.workers, {
        ...environment,
        AWS_ENDPOINT_URL: location.endpoint,
        AWS_REGION: clients.region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        TMPDIR: folder,
        STRATA_KIND: 'lines',
        STRATA_QUEUE_URL: queueUrl,
        STRATA_BUCKET: 'jobs',
        STRATA_EVENT_BUS: 'default',
        STRATA_DATABASE_URL: postgres.urlFor('strata_worker'),
        STRATA_VISIBILITY_SECONDS: String(VISIBILITY_SECONDS),
        STRATA_HEARTBEAT_SECONDS: '1',
        STRATA_RECEIVE_SECONDS: '2',
        STRATA_RETRY_SECONDS: '0',
        STRATA_MAX_ATTEMPTS: '1000',
      });
      return await killAndCount(owner, sqs, queueUrl, fleet, options);
    } finally {
      await owner.end();
    }
  } finally {
    fleet?.stop();
    await Promise.all([postgres?.stop(), stopEmulator(location)]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Workers, each of which is started again when it ends. */
class Fleet {
  private readonly running: ChildProcess[] = [];
  private stopped = false;

  constructor(
    private readonly folder: string,
    count: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    for (let place = 0; place < count; place++) this.start(place);
  }

  kill(place: number): void {
    this.running[place]?.kill('SIGKILL');
  }

  has(pid: number): boolean {
    return this.running.some((child) => child.pid === pid && child.exitCode === null && child.signalCode === null);
  }

  killProcess(pid: number): boolean {
    return this.has(pid) && this.running.find((child) => child.pid === pid)!.kill('SIGKILL');
  }

  stop(): void {
    this.stopped = true;
    for (const child of this.running) child.kill('SIGKILL');
  }

  private start(place: number): void {
    const log = openSync(join(this.folder, `worker-${place}.log`), 'a');
    const command = [join(this.folder, 'worker.cjs'), '--', process.execPath, join(this.folder, 'program.cjs')];
    const child = spawn(process.execPath, command, { stdio: ['ignore', log, log], env: this.environment });
    this.running[place] = child;
    child.once('exit', () => {
      if (!this.stopped) this.start(place);
    });
  }
}

async function submitAll(
  owner: Client,
  sqs: SQSClient,
  s3: S3Client,
  queueUrl: string,
  { jobs, lines = 200 }: KillsOptions,
): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: 'jobs' }));
  const body = Array.from({ length: lines }, (_, i) => `comment ${i}`).join('\n');
  const { ETag: etag } = await s3.send(new PutObjectCommand({ Bucket: 'jobs', Key: 'uploads/red/all', Body: body }));
  for (let i = 0; i < jobs; i++) {
    await owner.query(
      `INSERT INTO job (job_id, tenant, idempotency_key, body_sha256, kind, input_bucket, input_key, input_etag)
       VALUES ($1, 'red', $1, 'h', 'lines', 'jobs', 'uploads/red/all', $2)`,
      [`job-${i}`, etag],
    );
    const MessageBody = JSON.stringify({ jobId: `job-${i}`, tenant: 'red' });
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, MessageGroupId: 'red' }));
  }
}

async function killAndCount(
  owner: Client,
  sqs: SQSClient,
  queueUrl: string,
  fleet: Fleet,
  { jobs, workers, kills, seed, lines = 200, pauseMilliseconds = 300, progress }: KillsOptions,
): Promise<KillsResult> {
  const started = Date.now();
  const random = randomFrom(seed);
  let done = 0;
  const open = async (): Promise<number> => {
    const { rows } = await owner.query<{ n: number }>('SELECT count(*)::int AS n FROM job WHERE notified_at IS NULL');
    return rows[0]!.n;
  };
  while (done < kills && (await open()) > 0) {
    await pause(random() * pauseMilliseconds);
    if (!(await killOne(owner, fleet, workers, random))) continue;
    done++;
    if (done % 50 === 0) progress?.(`${done} kills, ${jobs - (await open())} of ${jobs} jobs have ended`);
  }
  const deadline = Date.now() + END_SECONDS * 1000;
  let messagesLeft = Number.NaN;
  while (Date.now() < deadline) {
    messagesLeft = await countMessages(sqs, queueUrl);
    if ((await open()) === 0 && messagesLeft === 0) break;
    await pause(200);
  }
  const states = await owner.query<{ state: string; n: number }>(
    'SELECT state, count(*)::int AS n FROM job GROUP BY 1',
  );
  const sums = await owner.query<{ wrong: number; left: number; claims: number }>(
    `SELECT
       (SELECT count(*)::int FROM job j WHERE state = 'succeeded' AND (
         SELECT count(*) <> $1 OR count(DISTINCT data->>'line') <> $1 FROM result_row r
         WHERE r.job_id = j.job_id AND r.attempt = j.attempt)) AS wrong,
       (SELECT count(*)::int FROM job WHERE state IN ('queued', 'running') OR lease_until IS NOT NULL
         OR notified_at IS NULL) AS left,
       (SELECT sum(attempt)::int FROM job) AS claims`,
    [lines],
  );
  return {
    kills: done,
    seconds: Math.round((Date.now() - started) / 100) / 10,
    states: Object.fromEntries(states.rows.map(({ state, n }) => [state, n])),
    wrongRows: sums.rows[0]!.wrong,
    leftRunning: sums.rows[0]!.left,
    messagesLeft,
    claims: sums.rows[0]!.claims,
  };
}

/** Of four kills, one hits any worker and three one that has a job, a moment after that was seen. */
async function killOne(owner: Client, fleet: Fleet, workers: number, random: () => number): Promise<boolean> {
  if (random() < 0.25) {
    fleet.kill(Math.floor(random() * workers));
    return true;
  }
  const { rows } = await owner.query<{ worker: string }>(
    "SELECT worker FROM job WHERE state = 'running' AND lease_until > now() ORDER BY job_id",
  );
  const busy = rows.filter(({ worker }) => fleet.has(pidOf(worker)));
  const victim = busy[Math.floor(random() * busy.length)];
  if (victim === undefined) return false;
  await pause(random() * JOB_MILLISECONDS);
  return fleet.killProcess(pidOf(victim.worker));
}

/** A worker's name ends with its process id. */
const pidOf = (worker: string): number => Number(worker.slice(worker.lastIndexOf('-') + 1));

async function countMessages(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes: of = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(of.ApproximateNumberOfMessages) +
    Number(of.ApproximateNumberOfMessagesNotVisible) +
    Number(of.ApproximateNumberOfMessagesDelayed)
  );
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: ['worker', 'program'].map((name) => join(__dirname, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    external: ['pg-native'],
    logLevel: 'silent',
  });
}
