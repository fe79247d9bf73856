import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client, type ClientConfig } from 'pg';
import * as z from 'zod';

import { forget, forgetRequest, type Forgotten } from '../forget';
import { migrate, type MigrateResult } from '../schema';
import { readMigrateSettings, type MigrateSettings } from './settings';

/** A database that pauses takes up to half a minute to wake up. */
const CONNECT_MILLISECONDS = 60_000;

/** How the owner of the schema connects, by the secret that RDS keeps for the master user. */
export function ownerConnection({ host, port, database }: MigrateSettings, secret: string): ClientConfig {
  const { username, password } = JSON.parse(secret) as { readonly username: string; readonly password: string };
  return {
    host,
    port,
    database,
    user: username,
    password,
    ssl: { rejectUnauthorized: true },
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
  };
}

/** Terraform sends what tells one schema from another; a person asks to forget. */
const invocation = z.strictObject({ schema: z.string().optional(), forget: forgetRequest.optional() });

/**
 * What needs the rights of the database's owner. Terraform invokes it when the schema has changed, before it deploys what
 * works with it: it brings the database to the newest version; an error fails the deploy. With `forget` it deletes the
 * data of a tenant or a job instead.
 */
export async function handler(event: unknown): Promise<MigrateResult | Forgotten> {
  const parsed = invocation.safeParse(event ?? {});
  if (!parsed.success)
    throw new Error(
      `the payload ${JSON.stringify(event)} is not known; use {"forget":{"tenant":"<tenant>","jobId":"<job>"}}, ` +
        'where jobId may be left out, or {} to migrate',
    );
  const settings = readMigrateSettings(process.env);
  const { SecretString: secret } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: settings.secretArn }),
  );
  if (secret === undefined)
    throw new Error(`the secret ${settings.secretArn} has no text; it is not one that RDS made`);
  const client = new Client(ownerConnection(settings, secret));
  await client.connect();
  try {
    const { forget: request } = parsed.data;
    if (request === undefined) return await migrate(client);
    return await forget({ client, s3: new S3Client({}), bucket: settings.bucket }, request);
  } finally {
    await client.end();
  }
}
