import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import { mkdirSync } from 'node:fs';
import { endpointConfigOperations } from './control/endpoint-configs';
import { Endpoints } from './control/endpoints';
import { modelPackageOperations } from './control/model-packages';
import { modelOperations } from './control/models';
import type { Operations } from './control/operation';
import { tagOperations } from './control/tags';
import type { ContainerCommand } from './hosting/container';
import { ModelData } from './hosting/model-data';
import { LocalS3 } from './local-s3';
import { AsyncInvoker } from './runtime/invoke-async';
import { Invoker } from './runtime/invoke';
import { listen, type Authorize } from './server';
import { claim, release, type Lifetime } from './server-record';
import { defaultSettings, places, type Places, type Settings } from './settings';
import { StateFile } from './state';

export interface LocalSageMakerProps {
  /** Folder for everything that is kept. */
  readonly directory: string;
  /** How the process of an inference image is started on this machine. */
  readonly command: (image: string) => Promise<ContainerCommand>;
  /** @default 0, a free port */
  readonly port?: number;
  readonly settings?: Partial<Settings>;
  /** Refuses requests by who signs them. @default nobody is refused */
  readonly authorize?: Authorize;
  /** Whether it lives as long as a command, or until it is stopped; others that need one wait for the former to end. @default 'service' */
  readonly lifetime?: Lifetime;
  /** Told what happens to endpoints. */
  readonly onEvent?: (text: string) => void;
}

/**
 * SageMaker on this machine: endpoints whose containers are processes, a model registry, and the APIs for both.
 * What was created comes back when it is started again on the same folder.
 */
export class LocalSageMaker {
  private constructor(
    readonly url: string,
    readonly places: Places,
    private readonly endpoints: Endpoints,
    private readonly shutDown: () => Promise<void>,
  ) {}

  /** @throws ServerRunsError when another one works on the folder */
  static async start(props: LocalSageMakerProps): Promise<LocalSageMaker> {
    const files = places(props.directory);
    mkdirSync(files.directory, { recursive: true });
    const lifetime = props.lifetime ?? 'service';
    claim(files.server, { pid: process.pid, lifetime });
    try {
      const settings = { ...defaultSettings, ...props.settings };
      const file = new StateFile(files.state);
      const s3 = new LocalS3(files.s3, files.directory);
      const endpoints = new Endpoints(file, {
        command: props.command,
        modelData: new ModelData(s3, files.models),
        logs: files.logs,
        settings,
        onEvent: props.onEvent ?? (() => undefined),
      });
      await endpoints.restore();
      const invoker = new Invoker(endpoints, settings);
      const authorize: Authorize = (request) => props.authorize?.(request);
      const operations: Operations = { ...modelOperations(file, s3), ...endpointConfigOperations(file), ...endpoints.operations, ...modelPackageOperations(file), ...tagOperations(file) };
      const { server, url } = await listen({ operations, invoker, asyncInvoker: new AsyncInvoker(endpoints, invoker, s3), authorize, own: {} }, props.port ?? 0);
      claim(files.server, { pid: process.pid, lifetime, url });
      return new LocalSageMaker(url, files, endpoints, async () => {
        release(files.server);
        // Requests under way get their answers; then the containers end.
        await Promise.all([new Promise((resolve) => (server.close(resolve), server.closeIdleConnections())), endpoints.close()]);
      });
    } catch (error) {
      release(files.server);
      throw error;
    }
  }

  /**
   * Serves a model under a name unless there is such an endpoint: for the sample that nobody deployed. It is kept nowhere.
   * @returns whether it was needed
   */
  async serveUnlessThere(endpoint: string, container: ContainerDefinition): Promise<boolean> {
    if (this.endpoints.record(endpoint) !== undefined) return false;
    await this.endpoints.serve(endpoint, container);
    return true;
  }

  /** Stops; requests under way are answered first. */
  close(): Promise<void> {
    return this.shutDown();
  }
}
