import { hostname } from 'node:os';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

import type { Reach } from '../fault-point';
import type { Log } from '../metrics';
import { JobQueue } from '../queue/job-queue';
import { ResultStore } from '../results/result-store';
import type { WorkerSettings } from '../settings';
import { openDatabase } from '../store/database';
import { TaskProtection } from '../task/protection';
import { messageOf, say, type WorkerContext } from './context';
import { EventSender } from './event-sender';
import { handleMessage } from './handle-message';
import { Interruption } from './interruption';
import { pauseFor } from './pause';

/** Beyond the longest run: the commit, and a database that is slow to come back. */
const PROTECTION_MARGIN_MINUTES = 30;
/** Without protection after an empty receive, so that SIGTERM finds a moment. */
const IDLE_GAP_MILLISECONDS = 200;
const FIRST_BACK_OFF_MILLISECONDS = 1000;
const LONGEST_BACK_OFF_MILLISECONDS = 60_000;

export interface WorkerOptions {
  readonly settings: WorkerSettings;
  readonly command: readonly [string, ...string[]];
  /** Aborted when the task should end: the running job is given back, and no other taken. */
  readonly signal: AbortSignal;
  /** @default nothing happens there */
  readonly reach?: Reach;
  /** @default standard output */
  readonly log?: Log;
}

/** Takes jobs and works on them, one after the other, until the signal. */
export async function runWorker({ settings, command, signal, reach, log }: WorkerOptions): Promise<void> {
  const context: WorkerContext = {
    settings,
    command,
    worker: `${hostname()}-${process.pid}`,
    pool: openDatabase({ url: settings.databaseUrl, iam: settings.databaseIam }),
    queue: new JobQueue(new SQSClient({}), settings.queueUrl),
    store: new ResultStore(new S3Client({}), settings.bucket, settings.imageDigest),
    events: new EventSender(new EventBridgeClient({}), settings.eventBus),
    reach: reach ?? (() => undefined),
    log: log ?? ((line) => void process.stdout.write(`${line}\n`)),
  };
  const minutes = Math.ceil(settings.maxRuntimeSeconds / 60) + PROTECTION_MARGIN_MINUTES;
  const protection = new TaskProtection(settings.agentUri, minutes);
  try {
    await takeJobs(context, protection, signal);
  } finally {
    await protection.release();
    await context.pool.end();
  }
}

async function takeJobs(context: WorkerContext, protection: TaskProtection, signal: AbortSignal): Promise<void> {
  const { settings, queue } = context;
  let backOff = FIRST_BACK_OFF_MILLISECONDS;
  while (!signal.aborted) {
    try {
      const protectedNow = await protection.acquire();
      if (protectedNow !== 'protected') {
        // An unprotected task could be stopped with a job; one that ended would be replaced by another like it.
        say(context, 'not protected, so no job is taken', { protection: protectedNow });
        await pauseFor(backOff, signal);
        backOff = Math.min(backOff * 2, LONGEST_BACK_OFF_MILLISECONDS);
        continue;
      }
      const received = await queue.receive(settings.receiveSeconds, settings.visibilitySeconds, signal);
      backOff = FIRST_BACK_OFF_MILLISECONDS;
      if (received === undefined) {
        await protection.release();
        await pauseFor(IDLE_GAP_MILLISECONDS, signal);
        continue;
      }
      const interruption = new Interruption();
      const stop = (): void => interruption.interrupt('stopping');
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      await handleMessage(context, received, interruption).finally(() => signal.removeEventListener('abort', stop));
    } catch (error) {
      say(context, 'cannot work', { error: messageOf(error) });
      await pauseFor(backOff, signal);
      backOff = Math.min(backOff * 2, LONGEST_BACK_OFF_MILLISECONDS);
    }
  }
}
