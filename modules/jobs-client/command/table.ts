import type { Job } from '../job';

/** A job in one line of a table. */
export function jobCells(job: Job): readonly string[] {
  const progress = job.state === 'running' && job.progress !== null ? ` ${Math.round(job.progress * 100)} %` : '';
  const rows = job.rows === null ? '' : `${job.rows} rows`;
  return [
    job.jobId,
    job.kind,
    `${job.state}${progress}`,
    `attempt ${job.attempt}`,
    job.createdAt,
    job.errorCode ?? rows,
  ];
}

/** Columns as wide as they need to be. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
