import type { Job } from './job';

/** The API answered something else than was asked for, or not at all. */
export class JobsApiError extends Error {
  override readonly name = 'JobsApiError';
  constructor(
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    /** Such as `input_missing`, `too_many_jobs` or `no_answer`. */
    readonly code: string,
    message: string,
    /** After how many seconds the same request may succeed. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** A job ended, and not in success. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError';
  constructor(readonly job: Job) {
    const why = job.errorMessage === null ? '' : `: ${job.errorMessage}`;
    super(`job ${job.jobId} ${job.state === 'cancelled' ? 'was cancelled' : 'failed'}${why}`);
  }
}

/** A job has not ended in the time that `wait` was given; it goes on. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  constructor(
    readonly job: Job,
    timeoutSeconds: number,
  ) {
    super(`job ${job.jobId} is still ${job.state} after ${timeoutSeconds} s; wait again, or cancel it`);
  }
}
