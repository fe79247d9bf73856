/** A finished result: in S3, and its rows in a file of this worker. */
export interface Result {
  /** `results/<job>/<attempt>/` */
  readonly prefix: string;
  /** One JSON object per line. */
  readonly rowsFile: string;
  readonly rows: number;
  readonly summary: unknown;
}

export const prefixOf = (jobId: string, attempt: number): string => `results/${jobId}/${attempt}/`;
export const ROWS_OBJECT = 'rows.ndjson';
/** The same rows for a spreadsheet. */
export const CSV_OBJECT = 'rows.csv';
/** Written last: a result without it is not finished. */
export const MANIFEST_OBJECT = 'manifest.json';
