import { Signer } from '@aws-sdk/rds-signer';
import { escapeLiteral, Pool, type PoolClient } from 'pg';

/** An idle worker closes its connections, or Aurora never pauses. */
const IDLE_MILLISECONDS = 10_000;
const CONNECT_MILLISECONDS = 20_000;

export interface DatabaseOptions {
  readonly url: string;
  /** Signs in with a token of IAM, which is valid for 15 minutes, for each new connection. */
  readonly iam: boolean;
  /** @default 2: one for the commit and one for the heartbeat meanwhile */
  readonly connections?: number;
}

export function openDatabase({ url, iam, connections = 2 }: DatabaseOptions): Pool {
  const { hostname, port, username } = new URL(url);
  const signer = iam ? new Signer({ hostname, port: Number(port || 5432), username }) : undefined;
  const pool = new Pool({
    connectionString: url,
    ...(signer === undefined ? {} : { password: () => signer.getAuthToken(), ssl: { rejectUnauthorized: true } }),
    max: connections,
    idleTimeoutMillis: IDLE_MILLISECONDS,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    keepAlive: true,
  });
  pool.on('error', () => undefined); // an idle connection broke: the next query opens another
  return pool;
}

/** Runs statements in one transaction that sees this tenant's rows alone. An error rolls back and is passed on. */
export async function asTenant<T>(pool: Pool, tenant: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const broken = (): void => undefined; // the statement that runs reports it
  client.on('error', broken);
  let failure: Error | undefined;
  try {
    await client.query(`BEGIN; SELECT set_config('app.tenant', ${escapeLiteral(tenant)}, true)`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: Error) => (failure = rollback));
    throw error;
  } finally {
    client.off('error', broken);
    client.release(failure); // a connection that cannot roll back is closed
  }
}

/** Whether the database may answer the same statement later: it could not be reached, restarts or is full. */
export function isOutage(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return !(error instanceof TypeError);
  return /^(08|40|53|57|58|XX)/.test(code) || code === '28000'; // IAM tokens are refused while a database starts
}
