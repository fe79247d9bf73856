export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A job as the API tells it. */
export interface Job {
  readonly jobId: string;
  readonly kind: string;
  readonly state: JobState;
  /** How often work on it has begun. */
  readonly attempt: number;
  /** 0 to 1; `null` until the work says it. */
  readonly progress: number | null;
  readonly progressNote: string | null;
  /** Rows of the result; `null` until it has succeeded. */
  readonly rows: number | null;
  /** What the work says of its result. */
  readonly summary: unknown;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; `null` until it has ended. */
  readonly finishedAt: string | null;
}

export interface JobPage {
  /** Newest first, at most 50. */
  readonly jobs: readonly Job[];
  /** What `after` of the next page is; `null` on the last. */
  readonly next: string | null;
}

/** What has happened to a job. */
export interface JobEvent {
  /** ISO 8601. */
  readonly at: string;
  /** The attempt that it happened in; 0 before the first. */
  readonly attempt: number;
  /** Such as `submitted`, `claimed`, `released`, `failed`, `succeeded`. */
  readonly what: string;
  readonly detail: string | null;
}

/** `ndjson`: one JSON value a line; `csv`: for a spreadsheet, which takes no cell of it for a formula. */
export type DownloadFormat = 'ndjson' | 'csv';

/** A place for one file, to which it is posted as a form. */
export interface UploadForm {
  /** Id of the job that the file is for. */
  readonly jobId: string;
  /** The form: `fields` first, then the file as `file`. */
  readonly upload: { readonly url: string; readonly fields: Readonly<Record<string, string>> };
}

export interface RowPage {
  /** Rows of the result in their order. */
  readonly rows: readonly unknown[];
  /** Rows of the whole result. */
  readonly total: number;
}

export interface Download {
  /** Address of the rows; good without further authorization. */
  readonly url: string;
  /** For how long. */
  readonly expiresSeconds: number;
}

export function hasEnded({ state }: Job): boolean {
  return state !== 'queued' && state !== 'running';
}
