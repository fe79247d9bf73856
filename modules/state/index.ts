export { configureBackend } from './configure-backend';
export { neighbourState, type NeighbourState, type NeighbourStateOptions } from './neighbour-state';
export { stateLocation, statePath, workspaceName, type StateKey } from './state-key';
export { type CloudBackendConfig, type LocalBackendConfig, type S3BackendConfig, type StateBackend } from './config';
