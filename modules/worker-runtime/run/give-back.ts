import type { Claim, JobMessage } from '../store/claim';
import { releaseJob } from '../store/end-attempt';
import { messageOf, say, type WorkerContext } from './context';

/**
 * Sends a fresh message of the job, then deletes the old one, so that the queue's count of receives counts crashes
 * alone. Killed between the two there are two messages; the claim takes one of them.
 */
export async function sendAgain(
  { queue, reach }: WorkerContext,
  job: JobMessage,
  receipt: string,
  delaySeconds: number,
): Promise<void> {
  await queue.send(job, delaySeconds);
  await reach('sent-again');
  await queue.delete(receipt);
}

/**
 * Gives a job back without counting a failure: this task ends, the job needs a fresh message, or the database is down.
 * In the last case the lease runs out by itself, and the message waits for that.
 */
export async function giveBack(context: WorkerContext, claim: Claim, receipt: string, why: string): Promise<void> {
  const { pool, settings, reach } = context;
  let delaySeconds = 0;
  try {
    if (!(await releaseJob(pool, claim, why))) return; // ended or taken meanwhile: the message tells whoever reads it
  } catch (error) {
    say(context, 'cannot release the job in the database', { jobId: claim.jobId, error: messageOf(error) });
    delaySeconds = settings.visibilitySeconds;
  }
  await reach('released');
  await sendAgain(context, claim, receipt, delaySeconds);
}
