import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callInternal, LocalSageMaker, paths, runningServer, ServerRunsError } from '../sagemaker';
import { LOCAL_IMAGE, modelEndpointCommand } from '../sagemaker/project/model-endpoint';
import { UserError } from '../toolchain';
import type { TaskRole } from '../sagemaker/task-role';

const WAIT_MILLISECONDS = 120_000;

/** The checkout. */
const root = join(__dirname, '../..');

export interface ModelServerProps {
  /** Names of the endpoints that the apps ask for. */
  readonly endpoints: readonly string[];
  /** By access key, the task role that signs with it. */
  readonly roles: ReadonlyMap<string, TaskRole>;
  /** What serves where nothing was deployed: a model's folder or its model.tar.gz. @default sagemaker/sample-model */
  readonly model?: string;
  /** Folder of the local SageMaker. @default .strata/sagemaker, or STRATA_SAGEMAKER_DIRECTORY */
  readonly directory?: string;
  /** Told what happens to endpoints. */
  readonly onEvent?: (text: string) => void;
}

export interface ModelServer {
  readonly url: string;
  /** What answers, by endpoint, for people. */
  readonly models: readonly string[];
  close(): Promise<void>;
}

/**
 * The local SageMaker for the apps: the one that runs already, else one of this process's own. Each endpoint serves
 * what was deployed to it last, by a pipeline's run for example; else the sample model.
 * @throws UserError when there is no model to serve, or when it does not start
 */
export async function startModelServer(props: ModelServerProps): Promise<ModelServer> {
  const directory = props.directory ?? process.env['STRATA_SAGEMAKER_DIRECTORY'] ?? join(root, '.strata/sagemaker');
  const sample = props.model ?? join(root, 'sagemaker/sample-model');
  if (!existsSync(sample))
    throw new UserError(`there is no model at ${sample}; name a model's folder or a model.tar.gz`);
  const { url, own } = await findOrStart(directory, props.onEvent);
  const close = async (): Promise<void> => own?.close();
  try {
    for (const [accessKey, role] of props.roles) await callInternal(url, 'role', { accessKey, role });
    const models = await Promise.all(
      [...new Set(props.endpoints)].map(async (endpoint) => {
        const {
          isDeployed,
          status,
          failureReason,
          models: names,
        } = await callInternal(url, 'serve', { endpoint, container: { Image: LOCAL_IMAGE, ModelDataUrl: sample } });
        const what = isDeployed
          ? `the deployed model ${names.join(', ')}`
          : props.model === undefined
            ? 'the sample model'
            : sample;
        return `${endpoint}: ${status === 'InService' ? what : `${status}, ${failureReason ?? 'without a reason'}`}`;
      }),
    );
    return { url, models, close };
  } catch (error) {
    await close();
    throw new UserError(`the model does not start: ${(error as Error).message}`);
  }
}

async function findOrStart(
  directory: string,
  onEvent: ((text: string) => void) | undefined,
): Promise<{ readonly url: string; readonly own?: LocalSageMaker }> {
  const deadline = Date.now() + WAIT_MILLISECONDS;
  while (Date.now() < deadline) {
    const running = runningServer(paths(directory).server);
    // One that a command has started ends with it, in seconds.
    if (running?.url !== undefined && running.lifetime === 'service') return { url: running.url };
    if (running === undefined) {
      try {
        const own = await LocalSageMaker.start({ directory, command: modelEndpointCommand(root), onEvent });
        return { url: own.url, own };
      } catch (error) {
        if (!(error instanceof ServerRunsError)) throw error; // another process started it first
      }
    }
    await pause(100);
  }
  throw new UserError(
    `process ${runningServer(paths(directory).server)?.pid} has held the local SageMaker of ${directory} ` +
      `for ${WAIT_MILLISECONDS / 1000} s; end it and try again`,
  );
}

/** An access key for each app of each run: the local SageMaker may serve several runs concurrently. */
export function newAccessKey(app: string): string {
  return `LOCAL${app.toUpperCase().replace('-', '')}${randomBytes(4).toString('hex').toUpperCase()}`;
}
