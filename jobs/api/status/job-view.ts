/** A job as its tenant sees it. */
export interface JobView {
  readonly jobId: string;
  readonly kind: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly attempt: number;
  readonly progress: number | null;
  readonly progressNote: string | null;
  readonly rows: number | null;
  readonly summary: unknown;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

export const VIEW = `job_id AS "jobId", kind, state, attempt, progress, progress_note AS "progressNote",
  result_rows::float8 AS rows, summary, error_code AS "errorCode", error_message AS "errorMessage",
  created_at AS "createdAt", finished_at AS "finishedAt"`;
