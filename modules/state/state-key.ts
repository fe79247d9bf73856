import { resolve } from 'node:path';
import {
  DEFAULT_DIRECTORY,
  DEFAULT_HOSTNAME,
  type LocalBackendConfig,
  type S3BackendConfig,
  type StateBackend,
} from './config';

/** What one state belongs to. */
export interface StateKey {
  readonly project: string;
  readonly environment: string;
  readonly layer: string;
}

/** A state's key in a bucket or below a folder: `project/environment/layer.tfstate`. */
export function statePath({ project, environment, layer }: StateKey): string {
  return `${project}/${environment}/${layer}.tfstate`;
}

/** A state's workspace in HCP Terraform: `project-environment-layer`. */
export function workspaceName({ project, environment, layer }: StateKey): string {
  return `${project}-${environment}-${layer}`;
}

/** The file of a local state, absolute: Terraform runs in its own working directory. */
export function localStateFile(backend: LocalBackendConfig, key: StateKey): string {
  return resolve(backend.directory ?? DEFAULT_DIRECTORY, statePath(key));
}

/** A state's key in its bucket. */
export function s3StateKey(backend: S3BackendConfig, key: StateKey): string {
  return backend.prefix === undefined ? statePath(key) : `${backend.prefix}/${statePath(key)}`;
}

/** A state's place in words: a file, an `s3://` address or a workspace. */
export function stateLocation(backend: StateBackend, key: StateKey): string {
  switch (backend.type) {
    case 'local':
      return localStateFile(backend, key);
    case 's3':
      return `s3://${backend.bucket}/${s3StateKey(backend, key)}`;
    case 'cloud':
      return `workspace ${backend.organization}/${workspaceName(key)} on ${backend.hostname ?? DEFAULT_HOSTNAME}`;
  }
}
