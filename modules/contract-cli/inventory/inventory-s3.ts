import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3BackendConfig } from '@strata/state/config';
import type { Inventory } from './deployed-state';
import { collectStates, describeError, STATE_SUFFIX, stateOutputs } from './state-outputs';

const CONNECTION_TIMEOUT_MILLISECONDS = 10_000;
const REQUEST_TIMEOUT_MILLISECONDS = 60_000;

/**
 * The states in a bucket, below the prefix if there is one. The SDK is loaded on demand: local states do not need it.
 */
export async function readS3States(backend: S3BackendConfig): Promise<Inventory> {
  const prefix = backend.prefix === undefined ? '' : `${backend.prefix}/`;
  const address = `s3://${backend.bucket}/${prefix}`;
  try {
    const {
      GetObjectCommand,
      paginateListObjectsV2,
      S3Client: Client,
    } = await optional('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
    const client: S3Client = new Client(await clientConfig(backend));
    try {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: backend.bucket, Prefix: prefix })) {
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key?.endsWith(STATE_SUFFIX) === true ? [Key] : [])));
      }
      return await collectStates(keys, (key) => ({
        name: key.slice(prefix.length, -STATE_SUFFIX.length),
        location: `s3://${backend.bucket}/${key}`,
        read: async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: backend.bucket, Key: key }));
          return stateOutputs((await Body?.transformToString()) ?? '');
        },
      }));
    } finally {
      client.destroy();
    }
  } catch (error) {
    return { states: [], problems: [`${address}: ${describeError(error)}`] };
  }
}

async function clientConfig({ region, roleArn }: S3BackendConfig): Promise<S3ClientConfig> {
  return {
    region,
    // A custom endpoint (an emulator, MinIO) has no host name per bucket.
    forcePathStyle: (process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
    },
    ...(roleArn !== undefined && { credentials: await assumeRole(roleArn, region) }),
  };
}

async function assumeRole(roleArn: string, region: string): Promise<S3ClientConfig['credentials']> {
  const { fromTemporaryCredentials } = await optional(
    '@aws-sdk/credential-providers',
    () => import('@aws-sdk/credential-providers'),
  );
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'strata-inventory' },
    clientConfig: { region },
  });
}

/** An optional peer dependency. */
async function optional<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new Error(`reading it needs the package ${name}; install it: npm install --save-dev ${name}`);
  }
}
