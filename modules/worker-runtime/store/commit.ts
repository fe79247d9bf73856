import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import type { Reach } from '../fault-point';
import type { Result } from '../results/result';
import type { Claim } from './claim';
import { copyLines } from './copy-lines';
import { asTenant } from './database';

/** Thrown inside the transaction, so that it rolls back: the job is not this attempt's any more. */
class Fenced extends Error {}

/**
 * Makes a result the job's, all or nothing: the rows first, the job last, so that its row is locked for milliseconds
 * and a heartbeat or a cancel never waits for the rows. An attempt that lost the job changes nothing.
 *
 * @param loadRows false leaves the rows in S3 alone
 * @returns whether the job has this attempt's result; true also when an earlier call committed and could not hear of it
 */
export async function commitResult(
  pool: Pool,
  claim: Claim,
  result: Result,
  { loadRows, reach }: { readonly loadRows: boolean; readonly reach: Reach },
): Promise<boolean> {
  if (await isCommitted(pool, claim)) return true;
  // In a transaction of its own: making a partition locks the table.
  const partition = loadRows ? await resultPartition(pool, claim) : undefined;
  try {
    await asTenant(pool, claim.tenant, async (client) => {
      if (partition !== undefined) {
        const into = client.query(copyFrom(`COPY ${partition} (month, job_id, attempt, row_no, data) FROM STDIN`));
        const lines = copyLines(createReadStream(result.rowsFile), claim);
        await pipeline(Readable.from(withFault(lines, reach)), into);
      }
      const { rowCount } = await client.query(
        `WITH done AS (
           UPDATE job SET state = 'succeeded', finished_at = now(), lease_until = NULL, progress = 1,
             result_prefix = $3, result_rows = $4, summary = $5, error_code = NULL, error_message = NULL
           WHERE job_id = $1 AND attempt = $2 AND state = 'running' RETURNING job_id, attempt)
         INSERT INTO job_event (job_id, attempt, what, detail) SELECT job_id, attempt, 'succeeded', $3 FROM done`,
        [claim.jobId, claim.attempt, result.prefix, result.rows, JSON.stringify(result.summary)],
      );
      if (rowCount !== 1) throw new Fenced();
    });
    return true;
  } catch (error) {
    if (error instanceof Fenced) return false;
    throw error;
  }
}

async function* withFault(lines: AsyncIterable<Buffer>, reach: Reach): AsyncGenerator<Buffer> {
  for await (const line of lines) {
    yield line;
    await reach('mid-copy');
  }
}

/** The connection may have broken after COMMIT and before its answer. */
function isCommitted(pool: Pool, claim: Claim): Promise<boolean> {
  return asTenant(pool, claim.tenant, async (client) => {
    const { rowCount } = await client.query(
      "SELECT FROM job WHERE job_id = $1 AND attempt = $2 AND state = 'succeeded'",
      [claim.jobId, claim.attempt],
    );
    return rowCount === 1;
  });
}

function resultPartition(pool: Pool, claim: Claim): Promise<string> {
  return asTenant(pool, claim.tenant, async (client) => {
    const { rows } = await client.query<{ partition: string }>(
      'SELECT quote_ident(result_partition($1)) AS partition',
      [claim.month],
    );
    return rows[0]!.partition;
  });
}
