import type { JobMessage } from '../store/claim';
import { markNotified, unsentEnding } from '../store/notified';
import type { WorkerContext } from './context';

/** Of a job that has ended: sends its event unless that was sent, then deletes the message. */
export async function closeMessage(context: WorkerContext, job: JobMessage, receipt: string): Promise<void> {
  const { pool, events, queue, reach } = context;
  const ending = await unsentEnding(pool, job);
  if (ending !== undefined) {
    await events.send(job, ending);
    await reach('notified');
    await markNotified(pool, job);
  }
  await queue.delete(receipt);
}
