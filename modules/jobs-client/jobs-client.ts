import { setTimeout as delay } from 'node:timers/promises';
import { answerOf, callApi, withRetries, type ApiOptions, type ApiRequest } from './api';
import type { Authorization } from './authorization';
import { JobFailedError, JobsApiError, WaitTimeoutError } from './errors';
import {
  hasEnded,
  type Download,
  type DownloadFormat,
  type Job,
  type JobEvent,
  type JobPage,
  type JobState,
  type RowPage,
  type UploadForm,
} from './job';

export interface JobsClientOptions {
  /** Address of the API: output `api_url` of the jobs layer. */
  readonly url: string;
  /** How requests are authorized. @default not at all, for an API with `auth: none` */
  readonly authorization?: Authorization;
  /** How often a request is sent that fails for a reason that passes. @default 6 */
  readonly maxAttempts?: number;
  /** Sends the requests. @default the global fetch */
  readonly fetch?: typeof fetch;
}

export interface SubmitOptions {
  /** Kind of work, as the jobs layer names it. */
  readonly kind: string;
  /** The input; of a file on disk `await openAsBlob(path)` of node:fs, which does not read it into memory. */
  readonly content: Blob | string | Uint8Array<ArrayBuffer>;
  /** Media type of the input. @default the blob's own, else text/csv */
  readonly contentType?: string;
  /** What the work is told besides the input. @default {} */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** @default all */
  readonly states?: readonly JobState[];
  /** @default all */
  readonly kind?: string;
}

export interface WaitOptions {
  /** Seconds to wait at most. @default for ever */
  readonly timeoutSeconds?: number;
  /** Called with the job whenever its state, attempt or progress has changed. */
  readonly onChange?: (job: Job) => void;
  readonly signal?: AbortSignal;
}

/** Seconds of one long poll; the API takes at most what its layer sets, 20 by default. */
const POLL_SECONDS = 20;
/** Between two polls that the API answered at once, as it does when too many wait. */
const PAUSE_MILLISECONDS = 1000;

/** Calls the API of a jobs layer. */
export class JobsClient {
  readonly #options: ApiOptions;

  /** @throws TypeError when `url` is not the address of a website */
  constructor({ url, authorization, maxAttempts = 6, fetch: send = fetch }: JobsClientOptions) {
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new TypeError(`url: "${url}" is not an address; use the output api_url of the jobs layer`);
    if (!Number.isInteger(maxAttempts) || maxAttempts < 1)
      throw new TypeError(`maxAttempts: ${maxAttempts} is not a whole number from 1; leave it out for 6`);
    this.#options = { url, authorization, maxAttempts, fetch: send };
  }

  /**
   * Uploads the input and submits the job. It is safe to end at any moment: a job is there once this answers, and is
   * there once.
   * @returns the job's id
   * @throws JobsApiError such as `content_type`, `too_large`, `unknown_kind`, `too_many_jobs`
   */
  async submit({ kind, content, contentType, parameters = {}, signal }: SubmitOptions): Promise<string> {
    const type = contentType ?? (content instanceof Blob && content.type !== '' ? content.type : 'text/csv');
    const blob = new Blob([content], { type });
    const { jobId, upload } = await this.createUpload(type, { signal });
    // The form names the object, so that a repeated upload replaces it.
    await withRetries(this.#options.maxAttempts, signal, () => this.#upload(upload, blob, signal));
    await this.submitUploaded({ jobId, kind, parameters, signal });
    return jobId;
  }

  /** A form that takes one file for a few minutes: for who uploads apart, as a page does. @throws JobsApiError `content_type` */
  createUpload(contentType: string, { signal }: { signal?: AbortSignal } = {}): Promise<UploadForm> {
    return this.#call({ method: 'POST', path: '/uploads', body: { contentType }, signal });
  }

  /**
   * Submits the job whose file was uploaded. The id of an upload is used once, so a repeated request finds the job that
   * the first one made.
   * @throws JobsApiError such as `input_missing`, `unknown_kind`, `too_many_jobs`
   */
  async submitUploaded({
    jobId,
    kind,
    parameters = {},
    signal,
  }: Pick<SubmitOptions, 'kind' | 'parameters' | 'signal'> & { readonly jobId: string }): Promise<void> {
    await this.#call({
      method: 'POST',
      path: '/jobs',
      body: { jobId, kind, parameters },
      headers: { 'idempotency-key': jobId },
      signal,
    });
  }

  /** @param waitSeconds answers when the job has ended, or after so many seconds as it is then. @default 0 */
  get(jobId: string, { waitSeconds = 0, signal }: { waitSeconds?: number; signal?: AbortSignal } = {}): Promise<Job> {
    const query = { wait: waitSeconds > 0 ? String(waitSeconds) : undefined };
    return this.#call({ method: 'GET', path: pathOf(jobId), query, signal });
  }

  /**
   * Waits until the job has succeeded, by long polls.
   * @throws JobFailedError when it fails or is cancelled
   * @throws WaitTimeoutError when `timeoutSeconds` are over; the job goes on
   */
  async wait(jobId: string, { timeoutSeconds, onChange, signal }: WaitOptions = {}): Promise<Job> {
    const deadline = timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutSeconds * 1000;
    let shown: string | undefined;
    for (;;) {
      const began = Date.now();
      const waitSeconds = Math.max(0, Math.min(POLL_SECONDS, (deadline - began) / 1000));
      const job = await this.get(jobId, { waitSeconds, signal });
      const seen = JSON.stringify([job.state, job.attempt, job.progress, job.progressNote]);
      if (seen !== shown) onChange?.(job);
      shown = seen;
      if (job.state === 'succeeded') return job;
      if (hasEnded(job)) throw new JobFailedError(job);
      if (Date.now() >= deadline) throw new WaitTimeoutError(job, timeoutSeconds!);
      await delay(Math.max(0, Math.min(began + PAUSE_MILLISECONDS, deadline) - Date.now()), undefined, { signal });
    }
  }

  /** A page of jobs, newest first. */
  list({ after, states, kind, signal }: ListOptions & { after?: string; signal?: AbortSignal } = {}): Promise<JobPage> {
    return this.#call({ method: 'GET', path: '/jobs', query: { after, state: states?.join(','), kind }, signal });
  }

  /** Every job, newest first, page by page. */
  async *all(options: ListOptions = {}): AsyncGenerator<Job, void> {
    let after: string | undefined;
    do {
      const { jobs, next } = await this.list({ ...options, after });
      yield* jobs;
      after = next ?? undefined;
    } while (after !== undefined);
  }

  /** What has happened to a job, oldest first; the latest 1,000 events. */
  async trace(jobId: string): Promise<readonly JobEvent[]> {
    const { events } = await this.#call<{ events: readonly JobEvent[] }>({
      method: 'GET',
      path: `${pathOf(jobId)}/trace`,
    });
    return events;
  }

  /** Cancels a job that waits or runs; of an ended one it changes nothing. */
  cancel(jobId: string, { signal }: { signal?: AbortSignal } = {}): Promise<Job> {
    return this.#call({ method: 'POST', path: `${pathOf(jobId)}/cancel`, signal });
  }

  /** Begins a new series of attempts of a job that failed or was cancelled. */
  async retry(jobId: string): Promise<void> {
    await this.#call({ method: 'POST', path: `${pathOf(jobId)}/retry` });
  }

  /** An address of the result's rows. @throws JobsApiError `no_result` unless the job has succeeded */
  download(
    jobId: string,
    { format, signal }: { format?: DownloadFormat; signal?: AbortSignal } = {},
  ): Promise<Download> {
    return this.#call({ method: 'GET', path: `${pathOf(jobId)}/download`, query: { format }, signal });
  }

  /**
   * A page of the result's rows, from the database.
   * @param after rows to pass over. @default 0
   * @param limit rows of the page, at most 1000. @default 100
   * @throws JobsApiError `no_result` unless the job has succeeded, `rows_not_loaded` where rows are in S3 alone
   */
  rowPage(
    jobId: string,
    { after, limit, signal }: { after?: number; limit?: number; signal?: AbortSignal } = {},
  ): Promise<RowPage> {
    const query = { after: after?.toString(), limit: limit?.toString() };
    return this.#call({ method: 'GET', path: `${pathOf(jobId)}/rows`, query, signal });
  }

  /** The result's rows, one by one, as they arrive. @throws JobsApiError `no_result` unless the job has succeeded */
  async *rows(jobId: string): AsyncGenerator<unknown, void> {
    const { url } = await this.download(jobId);
    const response = await answerOf(url, () => this.#options.fetch(url), undefined);
    if (!response.ok || response.body === null)
      throw new JobsApiError(response.status, 'download_failed', `S3 answered ${response.status} to the download`);
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
    }
    if (rest !== '') yield JSON.parse(rest) as unknown;
  }

  async #upload({ url, fields }: UploadForm['upload'], blob: Blob, signal: AbortSignal | undefined): Promise<void> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', blob);
    const init = { method: 'POST', body: form, signal };
    const response = await answerOf(url, () => this.#options.fetch(url, init), signal);
    if (response.ok) return;
    const text = await response.text();
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1];
    if (code === 'EntityTooLarge')
      throw new JobsApiError(413, 'too_large', `the input of ${blob.size} bytes is larger than the layer takes`);
    const said = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? `HTTP ${response.status}`;
    throw new JobsApiError(response.status, 'upload_failed', `S3 refused the upload: ${said}`);
  }

  #call<T>(request: ApiRequest): Promise<T> {
    return callApi<T>(this.#options, request);
  }
}

function pathOf(jobId: string): string {
  return `/jobs/${encodeURIComponent(jobId)}`;
}
