import { DataTerraformRemoteState, DataTerraformRemoteStateLocal, DataTerraformRemoteStateS3, type TerraformRemoteState } from 'cdktf';
import type { Construct } from 'constructs';
import { DEFAULT_HOSTNAME, type StateBackend } from './config';
import { requirePlaceable } from './placeable';
import { localStateFile, s3StateKey, stateLocation, workspaceName, type StateKey } from './state-key';

/** A neighbour's state, as `readContract` of `@strata/contract/terraform` takes it. */
export interface NeighbourState {
  readState(scope: Construct, id: string): TerraformRemoteState;
  readonly location: string;
  readonly file?: string;
}

/**
 * The state of another layer, to read its contract from. Needs no more than reading: `s3:GetObject` on the state (and `kms:Decrypt`),
 * or, in HCP Terraform, the workspace's state shared with this one.
 * @throws Error when a value holds a token, or the key's parts are no plain names.
 */
export function neighbourState(backend: StateBackend, key: StateKey): NeighbourState {
  requirePlaceable(backend, key);
  return {
    location: stateLocation(backend, key),
    file: backend.type === 'local' ? localStateFile(backend, key) : undefined,
    readState: (scope, id) => read(scope, id, backend, key),
  };
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
      return new DataTerraformRemoteState(scope, id, { organization, hostname: hostname ?? DEFAULT_HOSTNAME, workspaces: { name: workspaceName(key) } });
    }
  }
}
