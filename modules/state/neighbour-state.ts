import { statSync } from 'node:fs';
import { DataAwsS3Objects } from '@cdktf/provider-aws/lib/data-aws-s3-objects';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  DataTerraformRemoteState,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  Fn,
  type IResolvable,
  type TerraformRemoteState,
} from 'cdktf';
import type { Construct } from 'constructs';
import { DEFAULT_HOSTNAME, type S3BackendConfig, type StateBackend } from './config';
import { requirePlaceable } from './placeable';
import { localStateFile, s3StateKey, stateLocation, workspaceName, type StateKey } from './state-key';

/** A neighbour's state, as `readContract` of `@strata/contract/terraform` takes it. */
export interface NeighbourState {
  readState(scope: Construct, id: string): TerraformRemoteState;
  readonly location: string;
  readonly file?: string;
  /**
   * Whether there is a state: of a local one as it is now, of one in S3 as a Terraform condition; missing in HCP
   * Terraform, where it cannot be told.
   *
   * Terraform's own `fileexists` is of no use: since 1.13 it fails an apply before which the file appeared, as it does
   * where the neighbour is deployed at the same time.
   */
  exists?(scope: Construct, id: string): boolean | IResolvable;
}

export interface NeighbourStateOptions {
  /**
   * Region of the stack's own AWS provider. That provider checks for the state in a bucket of this region, unless the
   * backend assumes a role; otherwise a separate provider is used.
   * @default none: a separate provider
   */
  readonly providerRegion?: string;
}

/**
 * The state of another layer, to read its contract from. Needs no more than reading: `s3:GetObject` on the state (and
 * `kms:Decrypt`), or, in HCP Terraform, the workspace's state shared with this one. To tell whether a state is there
 * takes `s3:ListBucket` on the bucket besides, for that key at least (condition `s3:prefix`).
 * @throws Error when a value holds a token, or the key's parts are no plain names.
 */
export function neighbourState(
  backend: StateBackend,
  key: StateKey,
  options: NeighbourStateOptions = {},
): NeighbourState {
  requirePlaceable(backend, key);
  return {
    location: stateLocation(backend, key),
    file: backend.type === 'local' ? localStateFile(backend, key) : undefined,
    readState: (scope, id) => read(scope, id, backend, key),
    exists: existence(backend, key, options),
  };
}

function existence(
  backend: StateBackend,
  key: StateKey,
  { providerRegion }: NeighbourStateOptions,
): NeighbourState['exists'] {
  switch (backend.type) {
    case 'local':
      return () => holdsState(localStateFile(backend, key));
    case 's3':
      return (scope, id) => existsInS3(scope, id, backend, s3StateKey(backend, key), providerRegion);
    case 'cloud':
      return undefined;
  }
}

/** Terraform makes an empty file when it locks a state that is not there yet. */
function holdsState(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function existsInS3(
  scope: Construct,
  id: string,
  { bucket, region, roleArn }: S3BackendConfig,
  key: string,
  providerRegion: string | undefined,
): IResolvable {
  const provider =
    region === providerRegion && roleArn === undefined
      ? undefined
      : new AwsProvider(scope, `${id}-provider`, {
          alias: id,
          region,
          assumeRole: roleArn === undefined ? undefined : [{ roleArn }],
        });
  // In the order of their names, so the state comes before its lock file, whose name is longer.
  const objects = new DataAwsS3Objects(scope, id, { bucket, prefix: key, maxKeys: 1, provider });
  return Fn.contains(objects.keys, key);
}

function read(scope: Construct, id: string, backend: StateBackend, key: StateKey): TerraformRemoteState {
  switch (backend.type) {
    case 'local':
      return new DataTerraformRemoteStateLocal(scope, id, { path: localStateFile(backend, key) });
    case 's3': {
      const { bucket, region, roleArn } = backend;
      const state = new DataTerraformRemoteStateS3(scope, id, { bucket, region, key: s3StateKey(backend, key) });
      if (roleArn !== undefined) state.addOverride('config.assume_role', { role_arn: roleArn });
      return state;
    }
    case 'cloud': {
      const { organization, hostname } = backend;
      return new DataTerraformRemoteState(scope, id, {
        organization,
        hostname: hostname ?? DEFAULT_HOSTNAME,
        workspaces: { name: workspaceName(key) },
      });
    }
  }
}
