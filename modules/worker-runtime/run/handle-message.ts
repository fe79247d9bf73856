import type { Received } from '../queue/job-queue';
import { claimJob, type ClaimResult } from '../store/claim';
import { closeMessage } from './close-message';
import { messageOf, say, type WorkerContext } from './context';
import { sendAgain } from './give-back';
import type { Interruption } from './interruption';
import { runClaim } from './run-claim';

/** How long a job waits whose database does not answer. */
const OUTAGE_SECONDS = 30;

/** Works on one message. Whatever goes wrong, the message stays or a fresh one takes its place. */
export async function handleMessage(
  context: WorkerContext,
  { job, receipt }: Received,
  interruption: Interruption,
): Promise<void> {
  const { pool, worker, settings, queue, reach } = context;
  await reach('received');
  if (job === undefined) {
    say(context, 'a message is not a job; the queue will move it to the dead letters', {});
    return;
  }
  let result: ClaimResult;
  try {
    result = await claimJob(pool, job, worker, settings.visibilitySeconds);
  } catch (error) {
    say(context, 'cannot claim the job', { jobId: job.jobId, error: messageOf(error) });
    await sendAgain(context, job, receipt, Math.min(OUTAGE_SECONDS, settings.visibilitySeconds));
    return;
  }
  switch (result.kind) {
    case 'claimed':
      await reach('claimed');
      return await runClaim(context, result.claim, receipt, interruption);
    case 'leased': // another worker has it: look again when its lease has run out
      return await queue.setVisibility(receipt, result.seconds + 1);
    case 'ended':
      return await closeMessage(context, job, receipt);
    case 'missing': // deleted with the person's data
      return await queue.delete(receipt);
  }
}
