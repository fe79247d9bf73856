/**
 * Where a worker may be killed: the rows of the crash table. Tests pass a function that kills the process there; a
 * worker in production passes none.
 */
export type FaultPoint =
  | 'received'
  | 'claimed'
  | 'running'
  | 'result-written'
  | 'mid-copy'
  | 'committed'
  | 'notified'
  | 'released'
  | 'sent-again';

export type Reach = (point: FaultPoint) => void | Promise<void>;
