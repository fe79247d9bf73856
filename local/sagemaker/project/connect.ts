import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { setTimeout as pause } from 'node:timers/promises';
import { account } from '../account';
import { LocalSageMaker, type LocalSageMakerProps } from '../local-sagemaker';
import { runningServer, ServerRunsError } from '../server-record';
import { paths } from '../settings';

const WAIT_MILLISECONDS = 120_000;

export interface Connection {
  readonly url: string;
  readonly client: SageMakerClient;
}

/**
 * Reaches the local SageMaker of a folder: the one that runs (of `npm start`, `npm run apps`, `npm run sagemaker`),
 * else one of this process's own, which ends with `close`. Looked up each time, as the one that ran may have ended
 * since.
 */
export class LocalConnection {
  #own: Promise<LocalSageMaker> | undefined;
  #client: Connection | undefined;

  constructor(private readonly props: LocalSageMakerProps) {}

  /** Whether the server is this process's own, and ends with it. */
  get isOwn(): boolean {
    return this.#own !== undefined;
  }

  async connect(): Promise<Connection> {
    const url = this.#own === undefined ? await this.#find() : (await this.#own).url;
    if (this.#client?.url === url) return this.#client;
    this.#client?.client.destroy();
    // A notice about coming versions of Node, which says nothing to who runs a pipeline.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#client = {
      url,
      client: new SageMakerClient({ region: account.region, endpoint: url, credentials, maxAttempts: 1 }),
    };
    return this.#client;
  }

  async #find(): Promise<string> {
    const { server } = paths(this.props.directory);
    const deadline = Date.now() + WAIT_MILLISECONDS;
    while (Date.now() < deadline) {
      const running = runningServer(server);
      if (running?.url !== undefined) return running.url;
      if (running === undefined) {
        try {
          this.#own = LocalSageMaker.start({ ...this.props, lifetime: 'command' });
          return (await this.#own).url;
        } catch (error) {
          this.#own = undefined;
          // Another process started it first.
          if (!(error instanceof ServerRunsError)) throw error;
        }
      }
      await pause(100);
    }
    throw new Error(
      `process ${runningServer(server)?.pid} has been starting the local SageMaker for ` +
        `${WAIT_MILLISECONDS / 1000} s; end it and try again`,
    );
  }

  async close(): Promise<void> {
    this.#client?.client.destroy();
    await (await this.#own)?.close();
  }
}
