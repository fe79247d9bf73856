import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from 'cdktf';
import { DEFAULT_HOSTNAME, type CloudBackendConfig, type S3BackendConfig, type StateBackend } from './config';
import { requirePlaceable } from './placeable';
import { localStateFile, s3StateKey, workspaceName, type StateKey } from './state-key';

/**
 * Gives a stack its backend.
 * @throws Error when a value holds a token, or the key's parts are no plain names.
 */
export function configureBackend(stack: TerraformStack, backend: StateBackend, key: StateKey): void {
  requirePlaceable(backend, key);
  switch (backend.type) {
    case 'local':
      new LocalBackend(stack, { path: localStateFile(backend, key) });
      return;
    case 's3':
      configureS3(stack, backend, key);
      return;
    case 'cloud':
      configureCloud(stack, backend, key);
  }
}

function configureS3(stack: TerraformStack, backend: S3BackendConfig, key: StateKey): void {
  const { bucket, region, kmsKeyId, roleArn } = backend;
  // `encrypt` without a key asks S3 for AES-256, also in a bucket that encrypts with KMS; asking for nothing leaves it
  // to the bucket, which always encrypts.
  const encryption = kmsKeyId === undefined ? {} : { encrypt: true, kmsKeyId };
  const s3 = new S3Backend(stack, { bucket, region, key: s3StateKey(backend, key), ...encryption });
  // cdktf 0.21 knows neither the native lock file nor the nested form of assume_role, which replaced role_arn.
  s3.addOverride('use_lockfile', true);
  if (roleArn !== undefined) s3.addOverride('assume_role', { role_arn: roleArn });
}

function configureCloud(stack: TerraformStack, backend: CloudBackendConfig, key: StateKey): void {
  const { organization, hostname, project } = backend;
  new CloudBackend(stack, {
    organization,
    hostname: hostname ?? DEFAULT_HOSTNAME,
    workspaces: new NamedCloudWorkspace(workspaceName(key), project),
  });
}
