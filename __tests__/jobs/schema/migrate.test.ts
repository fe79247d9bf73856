import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

import { migrate, type Migration, readMigrations } from '../../../jobs/schema';
import { PostgresServer } from '../../../local/postgres';
import { describeWithPostgres } from '../../support/jobs/database';

const step = (version: number, sql: string, phase: Migration['phase'] = 'expand'): Migration => ({
  version,
  name: `step-${version}`,
  phase,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
});

describe('the files of the migrations', () => {
  const read = (files: Record<string, string>): Migration[] => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-migrations-'));
    try {
      for (const [file, sql] of Object.entries(files)) writeFileSync(join(folder, file), sql);
      return readMigrations(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it.each([
    ['DROP TABLE job', 'drops what running code may use'],
    ['ALTER TABLE job RENAME COLUMN kind TO sort', 'renames'],
    ['ALTER TABLE job ALTER COLUMN rows TYPE integer', 'retypes'],
    ['ALTER TABLE job ALTER kind SET NOT NULL', 'refuses what running code still writes'],
  ])('refuse %s in an expanding step', (sql, why) => {
    expect(() => read({ '0001-a.expand.sql': sql })).toThrow(why);
    expect(read({ '0001-a.contract.sql': sql })).toHaveLength(1);
  });

  it('take words in comments and texts for what they are', () => {
    expect(read({ '0001-a.expand.sql': "-- never DROP TABLE\nSELECT 'TRUNCATE'" })).toHaveLength(1);
  });

  it('refuse a gap and an unknown name', () => {
    expect(() => read({ '0001-a.expand.sql': '', '0003-b.expand.sql': '' })).toThrow('number them from 1 without gaps');
    expect(() => read({ 'first.sql': '' })).toThrow('"first.sql" is not the name of a migration');
  });
});

describeWithPostgres('the schema of the jobs', () => {
  let server: PostgresServer;
  let owner: Client;
  const clients: Client[] = [];

  const connect = async (role: string): Promise<Client> => {
    const client = new Client(server.urlFor(role));
    await client.connect();
    clients.push(client);
    return client;
  };

  const asTenant = async <T>(client: Client, tenant: string, work: () => Promise<T>): Promise<T> => {
    await client.query('BEGIN');
    try {
      await client.query("SELECT set_config('app.tenant', $1, true)", [tenant]);
      const result = await work();
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  };

  beforeAll(async () => {
    server = await PostgresServer.start();
    owner = await connect('postgres');
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await server.stop();
  });

  it('is made once by two runs at the same time', async () => {
    const second = await connect('postgres');
    const results = await Promise.all([migrate(owner), migrate(second)]);
    expect(results.map(({ applied }) => applied).toSorted((a, b) => b.length - a.length)).toEqual([[1], []]);
  });

  it('refuses an applied file that was changed, and a database newer than the program', async () => {
    const changed = readMigrations().map((migration) => ({ ...migration, checksum: '0' }));
    await expect(migrate(owner, { migrations: changed })).rejects.toThrow('was changed after it was applied');
    await expect(migrate(owner, { migrations: [] })).rejects.toThrow('deploy a newer program');
  });

  it('stops before what takes away until it is told that the old code is gone', async () => {
    const migrations = [
      ...readMigrations(),
      step(2, 'CREATE TABLE scratch (a int, b int)'),
      step(3, 'ALTER TABLE scratch DROP COLUMN a', 'contract'),
      step(4, 'ALTER TABLE scratch ADD COLUMN c int'),
    ];
    expect(await migrate(owner, { migrations })).toEqual({ applied: [2], waiting: [3, 4] });
    expect(await migrate(owner, { migrations, contract: true })).toEqual({ applied: [3, 4], waiting: [] });
  });

  it('leaves nothing of a migration that fails', async () => {
    const migrations = [
      ...readMigrations(),
      step(2, 'CREATE TABLE scratch (a int, b int)'),
      step(3, 'ALTER TABLE scratch DROP COLUMN a', 'contract'),
      step(4, 'ALTER TABLE scratch ADD COLUMN c int'),
      step(5, 'CREATE TABLE half (a int); SELECT 1 / 0'),
    ];
    await expect(migrate(owner, { migrations })).rejects.toThrow('migration 5 (step-5) failed and was rolled back');
    const { rows } = await owner.query("SELECT to_regclass('half') AS half");
    expect(rows).toEqual([{ half: null }]);
  });

  it('shows a tenant its own jobs alone, to the submitter and to the worker, and none without a tenant', async () => {
    const submitter = await connect('strata_submitter');
    const worker = await connect('strata_worker');
    for (const tenant of ['red', 'blue'])
      await asTenant(submitter, tenant, () =>
        submitter.query(
          `INSERT INTO job (job_id, idempotency_key, body_sha256, kind, input_bucket, input_key, input_etag)
           VALUES ($1, 'k', 'h', 'sentiment', 'b', 'k', 'e')`,
          [`${tenant}-1`],
        ),
      );
    for (const client of [submitter, worker]) {
      const { rows } = await asTenant(client, 'red', () => client.query('SELECT job_id FROM job'));
      expect(rows).toEqual([{ job_id: 'red-1' }]);
      expect((await client.query('SELECT job_id FROM job')).rows).toEqual([]);
      const changed = await asTenant(client, 'red', () =>
        client.query("UPDATE job SET progress = 1 WHERE job_id = 'blue-1'"),
      );
      expect(changed.rowCount).toBe(0);
    }
    await expect(
      asTenant(submitter, 'red', () => submitter.query("UPDATE job SET tenant = 'blue' WHERE job_id = 'red-1'")),
    ).rejects.toThrow('row-level security');
  });

  it("lets a worker write result rows of its session's tenant, name no other, and read none", async () => {
    const worker = await connect('strata_worker');
    const columns = '(month, job_id, attempt, row_no, data)';
    await asTenant(worker, 'red', async () => {
      const { rows } = await worker.query("SELECT result_partition('2026-11-29')");
      expect(rows).toEqual([{ result_partition: 'result_row_2026_11' }]);
      await worker.query(`INSERT INTO result_row_2026_11 ${columns} VALUES ('2026-11-29', 'red-1', 1, 1, '{}')`);
    });
    for (const statement of [
      "INSERT INTO result_row_2026_11 (month, job_id, attempt, row_no, data, tenant) VALUES (now(), 'j', 1, 1, '{}', 'blue')",
      'SELECT * FROM result_row_2026_11',
      'SELECT * FROM result_row',
      'DROP TABLE result_row_2026_11',
    ])
      await expect(asTenant(worker, 'red', () => worker.query(statement))).rejects.toThrow(
        /permission denied|must be owner/,
      );

    const submitter = await connect('strata_submitter');
    for (const [tenant, count] of [
      ['red', 1],
      ['blue', 0],
    ] as const) {
      const { rows } = await asTenant(submitter, tenant, () => submitter.query('SELECT tenant FROM result_row'));
      expect(rows).toHaveLength(count);
    }
  });
});
