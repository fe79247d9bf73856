import type { Clients } from './clients';
import type { Settings } from './settings';

/** One invocation of the function. */
export interface Run extends Clients {
  readonly settings: Settings;
  /** When waiting ends, in milliseconds since 1970. */
  readonly deadline: number;
  /** Milliseconds between two polls of the endpoint. */
  readonly pollMilliseconds: number;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}
