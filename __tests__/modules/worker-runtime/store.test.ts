import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';

import { migrate } from '../../../jobs/schema';
import { PostgresServer } from '../../../local/postgres';
import { type Claim, claimJob } from '../../../modules/worker-runtime/store/claim';
import { commitResult } from '../../../modules/worker-runtime/store/commit';
import { isOutage, openDatabase } from '../../../modules/worker-runtime/store/database';
import { renewLease } from '../../../modules/worker-runtime/store/renew';
import { describeWithPostgres } from '../../support/jobs/database';

describeWithPostgres("a worker's database", () => {
  let server: PostgresServer;
  let owner: Client;
  let pool: Pool;
  let folder: string;
  let number = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strata-store-'));
    server = await PostgresServer.start();
    owner = new Client(server.url);
    await owner.connect();
    await migrate(owner);
    pool = openDatabase({ url: server.urlFor('strata_worker'), iam: false });
  });
  afterAll(async () => {
    await Promise.all([pool.end(), owner.end()]);
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const makeJob = async (): Promise<{ jobId: string; tenant: string }> => {
    const jobId = `job-${++number}`;
    await owner.query(
      `INSERT INTO job (job_id, tenant, idempotency_key, body_sha256, kind, input_bucket, input_key, input_etag)
       VALUES ($1, 'red', $1, 'h', 'k', 'b', 'k', 'e')`,
      [jobId],
    );
    return { jobId, tenant: 'red' };
  };
  const claimOf = async (job: { jobId: string; tenant: string }, lease = 60): Promise<Claim> => {
    const result = await claimJob(pool, job, 'w', lease);
    if (result.kind !== 'claimed') throw new Error(result.kind);
    return result.claim;
  };
  const result = (text: string) => {
    const rowsFile = join(folder, 'rows');
    writeFileSync(rowsFile, text);
    return { prefix: 'p/', rowsFile, rows: 2, summary: null };
  };
  const commit = (claim: Claim, text = '{"n":1}\n{"n":2}\n') =>
    commitResult(pool, claim, result(text), { loadRows: true, reach: () => undefined });
  const rowsOf = async ({ jobId }: Claim) =>
    (await owner.query('SELECT attempt, row_no::int AS n FROM result_row WHERE job_id = $1', [jobId])).rows;

  it('gives a job to one of two who claim at once, and tells the other how long its lease is', async () => {
    const job = await makeJob();
    const results = await Promise.all([claimJob(pool, job, 'a', 60), claimJob(pool, job, 'b', 60)]);
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['claimed', 'leased']);
    expect(results.find(({ kind }) => kind === 'leased')).toMatchObject({ seconds: expect.closeTo(60, 0) });
  });

  it("gives a job of another tenant's message to nobody", async () => {
    const { jobId } = await makeJob();
    expect(await claimJob(pool, { jobId, tenant: 'blue' }, 'w', 60)).toEqual({ kind: 'missing' });
  });

  it('fences out an attempt while the next one still runs', async () => {
    const job = await makeJob();
    const first = await claimOf(job, 0);
    const second = await claimOf(job);
    expect(second.attempt).toBe(2);
    expect(await renewLease(pool, first, 60, { fraction: 0.9 })).toBe('lost');
    expect(await commit(first)).toBe(false);
    expect(await rowsOf(first)).toEqual([]);
    expect(await commit(second)).toBe(true);
    expect(await rowsOf(second)).toEqual([
      { attempt: 2, n: 1 },
      { attempt: 2, n: 2 },
    ]);
  });

  it('commits once when the answer to the commit was lost, and nothing after a cancel', async () => {
    const claim = await claimOf(await makeJob());
    expect([await commit(claim), await commit(claim)]).toEqual([true, true]);
    expect(await rowsOf(claim)).toHaveLength(2);
    const cancelled = await claimOf(await makeJob());
    await owner.query("UPDATE job SET state = 'cancelled' WHERE job_id = $1", [cancelled.jobId]);
    expect(await renewLease(pool, cancelled, 60, {})).toBe('cancelled');
    expect(await commit(cancelled)).toBe(false);
    expect(await rowsOf(cancelled)).toEqual([]);
  });

  it('is not down because it refuses a row', async () => {
    const claim = await claimOf(await makeJob());
    const refused = await commit(claim, '{"n":"\\u0000"}\n').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: '22P05' });
    expect(isOutage(refused)).toBe(false);
    expect(isOutage(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe(true);
    expect(isOutage(Object.assign(new Error('shutting down'), { code: '57P01' }))).toBe(true);
  });
});
