export { readSettings, type WorkerSettings } from './settings';
export { runWorker, type WorkerOptions } from './run/run-worker';
export { selfTest } from './run/self-test';
export type { FaultPoint, Reach } from './fault-point';
export type { Log } from './metrics';
export {
  type ChildMessage,
  childMessage,
  MAX_LINE_BYTES,
  type ParentMessage,
  PROTOCOL_VERSION,
} from './protocol/messages';
