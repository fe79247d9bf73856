import { Failure } from '../answer';
import type { Job, Row } from './job';

export interface UploadForm {
  readonly jobId: string;
  readonly upload: { readonly url: string; readonly fields: Readonly<Record<string, string>> };
}

interface Options {
  readonly signal: AbortSignal;
  readonly body?: object;
}

/** A failure that may pass, and after how many seconds. */
export class TransientFailure extends Failure {
  readonly retryAfterSeconds: number;

  constructor(code: string, requestId: string | undefined, retryAfterSeconds: number) {
    super(code, requestId);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const DEFAULT_PAUSE_SECONDS = 3;
const LONGEST_PAUSE_SECONDS = 30;

/** @throws Failure with the services' code; TransientFailure where the same request may succeed later */
async function call<T>(method: 'GET' | 'POST', path: string, { signal, body }: Options): Promise<T> {
  let response: Response;
  let answer: { error?: { code?: string }; requestId?: string };
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
      cache: 'no-store',
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    answer = (await response.json()) as typeof answer;
  } catch {
    if (signal.aborted) throw new Failure('cancelled');
    throw new TransientFailure('offline', undefined, DEFAULT_PAUSE_SECONDS);
  }
  if (response.ok) return answer as T;
  const code = answer.error?.code ?? 'other';
  if (response.status < 429) throw new Failure(code, answer.requestId);
  const asked = Number(response.headers.get('retry-after') ?? Number.NaN);
  const seconds = Number.isFinite(asked) ? Math.min(asked, LONGEST_PAUSE_SECONDS) : DEFAULT_PAUSE_SECONDS;
  throw new TransientFailure(code, answer.requestId, seconds);
}

/** Repeats a request that fails for a reason that passes. */
export async function persist<T>(attempts: number, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof TransientFailure) || attempt >= attempts) throw error;
      await pause(error.retryAfterSeconds, signal);
    }
  }
}

/** @throws Failure `cancelled` */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Failure('cancelled'));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

const pathOf = (jobId: string): string => `/jobs/${encodeURIComponent(jobId)}`;

export const createUpload = (contentType: string, signal: AbortSignal): Promise<UploadForm> =>
  call('POST', '/jobs/uploads', { signal, body: { contentType } });

export const submitJob = (jobId: string, signal: AbortSignal): Promise<unknown> =>
  call('POST', '/jobs', { signal, body: { jobId } });

export async function getJob(jobId: string, waitSeconds: number, signal: AbortSignal): Promise<Job> {
  const { job } = await call<{ job: Job }>('GET', `${pathOf(jobId)}?wait=${waitSeconds}`, { signal });
  return job;
}

export async function cancelJob(jobId: string, signal: AbortSignal): Promise<Job> {
  const { job } = await call<{ job: Job }>('POST', `${pathOf(jobId)}/cancel`, { signal });
  return job;
}

export const getRows = (
  jobId: string,
  after: number,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly rows: readonly Row[]; readonly total: number }> =>
  call('GET', `${pathOf(jobId)}/rows?after=${after}&limit=${limit}`, { signal });

export async function downloadUrl(jobId: string, signal: AbortSignal): Promise<string> {
  const { url } = await call<{ url: string }>('GET', `${pathOf(jobId)}/download`, { signal });
  return url;
}
