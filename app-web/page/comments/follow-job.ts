import type { Job } from './job';
import { getJob, pause, TransientFailure } from './jobs-api';

const LEAST_SECONDS_BETWEEN = 1;
const LONGEST_WAIT_SECONDS = 20;
/** After so long the person is not watching each percent. */
const SECONDS_FOR_ONE_MORE = 15;

export interface FollowProps {
  readonly onChange: (job: Job) => void;
  /** The way to the service is broken; it is tried again. */
  readonly onLost: () => void;
  readonly signal: AbortSignal;
}

/**
 * Follows a job to its end, by long polls that grow longer, through losses of the connection.
 * @throws Failure for what does not pass, such as a job that is not there
 */
export async function followJob(jobId: string, { onChange, onLost, signal }: FollowProps): Promise<Job> {
  const started = performance.now();
  let waitSeconds = 0;
  for (;;) {
    const asked = performance.now();
    try {
      const job = await getJob(jobId, waitSeconds, signal);
      if (job.state !== 'queued' && job.state !== 'running') return job;
      onChange(job);
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      onLost();
      await pause(error.retryAfterSeconds, signal);
      continue;
    }
    const now = performance.now();
    // Where too many wait, the service answers at once.
    await pause(Math.max(0, LEAST_SECONDS_BETWEEN - (now - asked) / 1000), signal);
    waitSeconds = Math.min(LONGEST_WAIT_SECONDS, 1 + Math.floor((now - started) / 1000 / SECONDS_FOR_ONE_MORE));
  }
}
