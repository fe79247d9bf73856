import type { Clients } from './clients';
import type { Settings } from './settings';

/** One invocation of the function. */
export interface Run extends Clients {
  readonly settings: Settings;
  /** When waiting ends, in milliseconds since 1970. */
  readonly deadline: number;
  /** Milliseconds between two looks at the endpoint. */
  readonly pollMilliseconds: number;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** What the function answers; the outputs of the pipeline's step are read from it. */
export interface Answer {
  readonly endpointName: string;
  readonly action:
    | 'created'
    | 'updated'
    | 'unchanged'
    /** The model waits until somebody approves it in the registry; the event of that deploys it. */
    | 'awaiting-approval'
    /** There is no endpoint yet: the image is used when the first model is deployed. */
    | 'awaiting-model'
    /** Another deploy came in between and serves now. */
    | 'superseded'
    /**
     * The endpoint is still changing by another deploy; nothing was done. Only for a caller that gave `waitSeconds`,
     * and asks again.
     */
    | 'busy';
  /** Empty where nothing is deployed, as all that a pipeline's step declares as its output must be there. */
  readonly endpointConfigName: string;
  readonly modelName: string;
  /**
   * `InService`, or `Creating` or `Updating` when it takes longer than the function waits: the event of its end
   * finishes the rest.
   */
  readonly endpointStatus: string;
  /** The image that would serve; only where that was asked for. */
  readonly imageUri?: string;
}
