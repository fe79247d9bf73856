import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client, type ClientConfig } from 'pg';

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

/**
 * Brings the database to the newest version of the schema. Terraform invokes it when the schema has changed, before it
 * deploys what works with it; an error fails the deploy.
 */
export async function handler(): Promise<MigrateResult> {
  const settings = readMigrateSettings(process.env);
  const { SecretString: secret } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: settings.secretArn }),
  );
  if (secret === undefined)
    throw new Error(`the secret ${settings.secretArn} has no text; it is not one that RDS made`);
  const client = new Client(ownerConnection(settings, secret));
  await client.connect();
  try {
    return await migrate(client);
  } finally {
    await client.end();
  }
}
