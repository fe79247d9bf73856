import { join } from 'node:path';

const MiB = 1024 * 1024;

/** Limits and timeouts of the local SageMaker; AWS's own where they are documented. */
export interface Settings {
  /**
   * Largest body of InvokeEndpoint for instances; documentation says 25 MB now, older documentation 6 MB.
   * @default 26214400 (25 MiB)
   */
  readonly maxPayloadBytes: number;
  /** Largest body for a serverless variant. @default 4194304 (4 MiB) */
  readonly maxServerlessPayloadBytes: number;
  /** How long a container may take until `/ping` answers 200. @default 480 */
  readonly startupTimeoutSeconds: number;
  /** How long one `/ping` may take. @default 2 */
  readonly pingTimeoutSeconds: number;
  /** How long one invocation may take. @default 60 */
  readonly invocationTimeoutSeconds: number;
  /** How long a container may live on after SIGTERM. @default 30 */
  readonly stopTimeoutSeconds: number;
}

export const defaultSettings: Settings = {
  maxPayloadBytes: 25 * MiB,
  maxServerlessPayloadBytes: 4 * MiB,
  startupTimeoutSeconds: 480,
  pingTimeoutSeconds: 2,
  invocationTimeoutSeconds: 60,
  stopTimeoutSeconds: 30,
};

/** The files of one local SageMaker, below one folder. */
export interface Paths {
  readonly directory: string;
  /** What was created: models, endpoints, registry. */
  readonly state: string;
  /** Process id and address of the server that works on this folder now. */
  readonly server: string;
  /** `s3://bucket/key` is the file `s3/bucket/key`. */
  readonly s3: string;
  /** Unpacked model data, a folder for each archive. */
  readonly models: string;
  /** Logs of the endpoints' containers. */
  readonly logs: string;
  /** A file for each container that runs, by its process id. */
  readonly containers: string;
  /** Runs of pipelines. */
  readonly executions: string;
}

export function paths(directory: string): Paths {
  return {
    directory,
    state: join(directory, 'state.json'),
    server: join(directory, 'server.json'),
    s3: join(directory, 's3'),
    models: join(directory, 'model-data'),
    logs: join(directory, 'logs'),
    containers: join(directory, 'containers'),
    executions: join(directory, 'executions'),
  };
}
