import { CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, type TerraformStack } from 'cdktf';
import { DEFAULT_HOSTNAME, type CloudBackendConfig, type S3BackendConfig, type StateBackend } from './config';
import { requireResolved } from './resolved-values';
import { localStateFile, s3StateKey, workspaceName, type StateKey } from './state-key';

/**
 * Gives a stack its backend.
 * @throws Error when a value holds a token, or the key's parts are no plain names.
 */
export function configureBackend(stack: TerraformStack, backend: StateBackend, key: StateKey): void {
  requireResolved(`state of layer "${key.layer}"`, { ...backend, ...key });
  requireNames(key);
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
  const s3 = new S3Backend(stack, { bucket, region, key: s3StateKey(backend, key), encrypt: true, kmsKeyId });
  // cdktf 0.21 knows neither the native lock file nor the nested form of assume_role, which replaced role_arn.
  s3.addOverride('use_lockfile', true);
  if (roleArn !== undefined) s3.addOverride('assume_role', { role_arn: roleArn });
}

function configureCloud(stack: TerraformStack, backend: CloudBackendConfig, key: StateKey): void {
  const { organization, hostname, project } = backend;
  new CloudBackend(stack, { organization, hostname: hostname ?? DEFAULT_HOSTNAME, workspaces: new NamedCloudWorkspace(workspaceName(key), project) });
}

function requireNames(key: StateKey): void {
  for (const [part, name] of Object.entries(key)) {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      throw new Error(`state of layer "${key.layer}": ${part} "${name}" cannot be part of a state key; use lower-case letters, digits and hyphens`);
    }
  }
}
