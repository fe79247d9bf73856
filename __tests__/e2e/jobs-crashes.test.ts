import { readFileSync } from 'node:fs';

import { describeWithPostgres } from '../support/jobs/database';
import { JobsStage, LINES } from '../support/jobs/jobs-stage';
import { sideBySide } from '../support/jobs/side-by-side';

jest.setTimeout(90_000);

const ALL = Array.from({ length: LINES }, (_, i) => i + 1);

/** The rows of the crash table. Each kills or stops a real worker; the others then do what the table says. */
describeWithPostgres('a job whose worker', () => {
  let stage: JobsStage;
  const side = sideBySide(3);
  beforeAll(async () => {
    stage = await JobsStage.start();
    side.start();
  });
  afterAll(() => stage.stop());

  for (const [point, attempts, adopted] of [
    // point, attempts until the job has ended, the attempt whose result it has
    ['received', 1, 1], // worker dies before claim
    ['running', 2, 2], // dies while running
    ['result-written', 2, 1], // S3 result written, no commit: adopted
    ['mid-copy', 2, 1], // mid-COPY
    ['committed', 1, 1], // committed, message not deleted
    ['notified', 1, 1], // notified, not marked: the event comes twice
  ] as const)
    side.it(`dies at "${point}" ends once, with every row once`, async () => {
      const queue = await stage.makeQueue();
      const jobId = await stage.submit(queue);
      expect(await stage.startWorker(queue, { STRATA_TEST_FAULT: point }).exit).toBe('SIGKILL');
      const before = await stage.job(jobId);
      expect(before.state).toBe(
        { received: 'queued', committed: 'succeeded', notified: 'succeeded' }[point as string] ?? 'running',
      );
      expect(before.notified_at).toBeNull();

      const worker = stage.startWorker(queue);
      const job = await stage.until(jobId, ({ notified_at: at }) => at !== null);
      expect(job).toMatchObject({ state: 'succeeded', attempt: attempts, failures: 0, result_rows: String(LINES) });
      expect(job.result_prefix).toBe(`results/${jobId}/${adopted}/`);
      expect(await stage.lines(jobId)).toEqual(ALL);
      expect(await stage.messagesLeft(queue)).toBe(0);
      expect(await worker.kill('SIGTERM')).toBe('0');
    });

  side.it('is paused, wakes after another attempt finished, and changes nothing', async () => {
    const queue = await stage.makeQueue();
    const jobId = await stage.submit(queue);
    const zombie = stage.startWorker(queue, { STRATA_TEST_FAULT: 'result-written:stop' });
    await stage.until(jobId, ({ state }) => state === 'running');
    const other = stage.startWorker(queue, { STRATA_IMAGE_DIGEST: 'another' });
    const job = await stage.until(jobId, ({ notified_at: at }) => at !== null);
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    await other.kill('SIGTERM');
    zombie.child.kill('SIGCONT');
    while (!zombie.log().includes('"outcome":"lost"')) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stage.job(jobId)).toEqual(job);
    expect(await stage.lines(jobId)).toEqual(ALL);
    const { rows } = await stage.owner.query('SELECT DISTINCT attempt FROM result_row WHERE job_id = $1', [jobId]);
    expect(rows).toEqual([{ attempt: 2 }]);
    await zombie.kill('SIGTERM');
  });

  side.it('is told to stop gives the job back with its checkpoint, and no receive or failure counts', async () => {
    const queue = await stage.makeQueue();
    const jobId = await stage.submit(queue, { waitAfter: 10 });
    const stopped = stage.startWorker(queue);
    await stage.until(jobId, ({ state }) => state === 'running');
    const asked = Date.now();
    while (
      (await stage.owner.query('SELECT FROM job WHERE job_id = $1 AND checkpoint IS NOT NULL', [jobId])).rowCount === 0
    )
      if (Date.now() - asked > 10_000) throw new Error(stopped.log());
      else await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stopped.kill('SIGTERM')).toBe('0');
    expect(await stage.job(jobId)).toMatchObject({ state: 'queued', attempt: 1, failures: 0, lease_until: null });
    expect(await stage.receives(queue)).toBe(1);

    const next = stage.startWorker(queue);
    expect(await stage.until(jobId, ({ state }) => state === 'succeeded')).toMatchObject({ attempt: 2 });
    const resumed = await stage.owner.query(
      "SELECT DISTINCT data->>'resumedFrom' AS line FROM result_row WHERE job_id = $1",
      [jobId],
    );
    expect(resumed.rows).toEqual([{ line: '11' }]);
    await next.kill('SIGTERM');
  });

  for (const point of ['released', 'sent-again'])
    side.it(`dies giving back, at "${point}", ends once`, async () => {
      const queue = await stage.makeQueue();
      const jobId = await stage.submit(queue, { waitAfter: 10 });
      const dying = stage.startWorker(queue, { STRATA_TEST_FAULT: point, STRATA_MAX_RUNTIME_SECONDS: '1' });
      expect(await dying.exit).toBe('SIGKILL'); // handed over at the longest run, from its checkpoint
      const next = stage.startWorker(queue);
      expect(await stage.until(jobId, ({ state }) => state === 'succeeded')).toMatchObject({ attempt: 2, failures: 0 });
      expect(await stage.lines(jobId)).toEqual(ALL);
      expect(await stage.messagesLeft(queue)).toBe(0);
      await next.kill('SIGTERM');
    });

  side.it('fails always is tried as often as allowed, then failed with the last error', async () => {
    const queue = await stage.makeQueue();
    const jobId = await stage.submit(queue, { fail: true });
    const worker = stage.startWorker(queue, { STRATA_MAX_ATTEMPTS: '2' });
    expect(await stage.until(jobId, ({ notified_at: at }) => at !== null)).toMatchObject({
      state: 'failed',
      attempt: 2,
      failures: 2,
      error_code: 'bad_input',
    });
    expect(await stage.messagesLeft(queue)).toBe(0);
    await worker.kill('SIGTERM');
  });

  side.it(
    'is at work when it is cancelled ends its program and commits nothing; a second message finds it ended',
    async () => {
      const queue = await stage.makeQueue();
      const jobId = await stage.submit(queue, { waitAfter: 10 });
      await stage.send(queue, jobId);
      const worker = stage.startWorker(queue);
      await stage.until(jobId, ({ state }) => state === 'running');
      await stage.owner.query("UPDATE job SET state = 'cancelled', finished_at = now() WHERE job_id = $1", [jobId]);
      expect(await stage.until(jobId, ({ notified_at: at }) => at !== null)).toMatchObject({ state: 'cancelled' });
      expect(await stage.lines(jobId)).toEqual([]);
      expect(await stage.messagesLeft(queue)).toBe(0);
      await worker.kill('SIGTERM');
    },
  );

  it('loses the database at the commit keeps its result and commits when the database is back', async () => {
    const queue = await stage.makeQueue();
    const jobId = await stage.submit(queue);
    const worker = stage.startWorker(queue, { STRATA_TEST_FAULT: 'result-written:stop' });
    await stage.until(jobId, ({ state }) => state === 'running');
    const trace = Date.now();
    while (!isStopped(worker.child.pid!))
      if (Date.now() - trace > 10_000) throw new Error(worker.log());
      else await new Promise((resolve) => setTimeout(resolve, 20));
    await stage.postgres.pause();
    worker.child.kill('SIGCONT');
    while (!worker.log().includes('cannot commit')) await new Promise((resolve) => setTimeout(resolve, 20));
    await stage.postgres.resume();
    await stage.reconnect();
    expect(await stage.until(jobId, ({ notified_at: at }) => at !== null)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
    });
    expect(await stage.lines(jobId)).toEqual(ALL);
    await worker.kill('SIGTERM');
  });
});

function isStopped(pid: number): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
