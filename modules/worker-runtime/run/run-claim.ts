import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeMetrics } from '../metrics';
import type { Claim } from '../store/claim';
import { failAttempt, type Failure } from '../store/end-attempt';
import { closeMessage } from './close-message';
import { commitWithPatience } from './commit-with-patience';
import { compute } from './compute';
import { messageOf, say, type WorkerContext } from './context';
import { giveBack, sendAgain } from './give-back';
import { Heartbeat } from './heartbeat';
import type { Interruption } from './interruption';

type End =
  | { readonly kind: 'committed' | 'fenced' | 'interrupted'; readonly rows?: number }
  | ({ readonly kind: 'failed'; readonly rows?: number } & Failure);

/** Works on a claimed job until it has ended, failed, been given back or lost, and settles its message. */
export async function runClaim(
  context: WorkerContext,
  claim: Claim,
  receipt: string,
  interruption: Interruption,
): Promise<void> {
  const { settings, log } = context;
  const started = Date.now();
  const heartbeat = new Heartbeat({
    ...context,
    claim,
    receipt,
    everySeconds: settings.heartbeatSeconds,
    leaseSeconds: settings.visibilitySeconds,
    interruption,
    warn: (what, error) => say(context, what, { jobId: claim.jobId, error: messageOf(error) }),
  });
  const timeout = setTimeout(() => interruption.interrupt('timeout'), settings.maxRuntimeSeconds * 1000);
  const folder = mkdtempSync(join(tmpdir(), 'strata-job-'));
  let end: End;
  try {
    end = await work(context, claim, folder, heartbeat, interruption);
  } finally {
    clearTimeout(timeout);
    await heartbeat.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const outcome = await settle(context, claim, receipt, end, interruption, heartbeat.hasCheckpoint);
  say(context, 'attempt ended', { jobId: claim.jobId, tenant: claim.tenant, attempt: claim.attempt, outcome });
  const seconds = (Date.now() - started) / 1000;
  writeMetrics(log, { Kind: claim.kind, Outcome: outcome }, { Jobs: 1, JobSeconds: seconds, Rows: end.rows ?? 0 });
}

async function work(
  context: WorkerContext,
  claim: Claim,
  folder: string,
  heartbeat: Heartbeat,
  interruption: Interruption,
): Promise<End> {
  try {
    const adopted = await context.store.adopt(claim, join(folder, 'adopted'));
    const computed = adopted
      ? ({ kind: 'result', result: adopted } as const)
      : await compute(context, claim, folder, heartbeat, interruption);
    if (computed.kind !== 'result') return computed;
    await context.reach('result-written');
    const committed = await commitWithPatience(context, claim, computed.result, interruption);
    return committed.kind === 'committed' ? { kind: 'committed', rows: computed.result.rows } : committed;
  } catch (error) {
    // S3 or the disk. The program is not to blame, but a job that always ends here must not do so for ever.
    return { kind: 'failed', code: 'worker_failed', message: messageOf(error), retry: true };
  }
}

async function settle(
  context: WorkerContext,
  claim: Claim,
  receipt: string,
  end: End,
  interruption: Interruption,
  hasCheckpoint: boolean,
): Promise<string> {
  const reason = interruption.reason;
  if (end.kind === 'committed') {
    await context.reach('committed');
    await closeMessage(context, claim, receipt);
    return 'succeeded';
  }
  // What another attempt has, it will settle; what was cancelled has ended.
  if (reason === 'cancelled') {
    await closeMessage(context, claim, receipt);
    return 'cancelled';
  }
  if (end.kind === 'fenced' || reason === 'lost') return 'lost';
  if (end.kind === 'interrupted') {
    if (reason === 'stopping') {
      await giveBack(context, claim, receipt, 'the task stops');
      return 'released';
    }
    if (hasCheckpoint) {
      await giveBack(context, claim, receipt, 'handed over at the longest run, from its checkpoint');
      return 'handed-over';
    }
  }
  const failure: Failure = end.kind === 'failed' ? end : timedOut(context.settings.maxRuntimeSeconds);
  return await fail(context, claim, receipt, failure);
}

function timedOut(seconds: number): Failure {
  const message = `the program ran for ${seconds} s, the longest run, without a checkpoint; raise maxRuntimeSeconds or save checkpoints`;
  return { code: 'timeout', message, retry: true };
}

async function fail(context: WorkerContext, claim: Claim, receipt: string, failure: Failure): Promise<string> {
  const { pool, settings } = context;
  say(context, 'attempt failed', { jobId: claim.jobId, attempt: claim.attempt, ...failure });
  const state = await failAttempt(pool, claim, failure, settings.maxAttempts);
  if (state === 'queued') await sendAgain(context, claim, receipt, settings.retrySeconds * 2 ** claim.failures);
  if (state === 'failed') await closeMessage(context, claim, receipt);
  return state === undefined ? 'lost' : state === 'failed' ? 'failed' : 'retried';
}
