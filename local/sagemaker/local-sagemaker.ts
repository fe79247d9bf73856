import { mkdirSync } from 'node:fs';
import * as z from 'zod';
import { endpointConfigOperations } from './control/endpoint-configs';
import { Endpoints } from './control/endpoints';
import { modelPackageOperations } from './control/model-packages';
import { modelOperations } from './control/models';
import { operation, resourceName, type Operations } from './control/operation';
import { tagOperations } from './control/tags';
import type { ContainerCommand } from './hosting/container';
import { ContainerRecord } from './hosting/container-record';
import { ModelData } from './hosting/model-data';
import { LocalS3 } from './local-s3';
import type { InternalOperations } from './internal-operations';
import { AsyncInvoker } from './runtime/invoke-async';
import { Invoker } from './runtime/invoke';
import { Roles } from './roles';
import { listen } from './server';
import { claim, release, type Lifetime } from './server-record';
import { defaultSettings, paths, type Paths, type Settings } from './settings';
import { StateFile } from './state';

export interface LocalSageMakerProps {
  /** Folder for everything that is kept. */
  readonly directory: string;
  /** How the process of an inference image is started on this machine. */
  readonly command: (image: string) => Promise<ContainerCommand>;
  /** @default 0, a free port */
  readonly port?: number;
  readonly settings?: Partial<Settings>;
  /**
   * Whether it lives as long as a command, or until it is stopped; others that need one wait for the first kind to end.
   * @default 'service'
   */
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
    readonly paths: Paths,
    private readonly shutDown: () => Promise<void>,
  ) {}

  /** @throws ServerRunsError when another one works on the folder */
  static async start(props: LocalSageMakerProps): Promise<LocalSageMaker> {
    const files = paths(props.directory);
    mkdirSync(files.directory, { recursive: true });
    const lifetime = props.lifetime ?? 'service';
    claim(files.server, { pid: process.pid, lifetime });
    try {
      const settings = { ...defaultSettings, ...props.settings };
      const file = new StateFile(files.state);
      const s3 = new LocalS3(files.s3, files.directory);
      const record = new ContainerRecord(files.containers);
      record.endOrphans();
      const endpoints = new Endpoints(file, {
        command: props.command,
        modelData: new ModelData(s3, files.models),
        logs: files.logs,
        settings,
        record,
        onEvent: props.onEvent ?? (() => undefined),
      });
      await endpoints.restore();
      const invoker = new Invoker(endpoints, settings);
      const roles = new Roles();
      const operations: Operations = {
        ...modelOperations(file, s3),
        ...endpointConfigOperations(file),
        ...endpoints.operations,
        ...modelPackageOperations(file),
        ...tagOperations(file),
      };
      const { server, url } = await listen(
        {
          operations,
          invoker,
          asyncInvoker: new AsyncInvoker(endpoints, invoker, s3),
          roles,
          own: internalOperations(endpoints, roles),
        },
        props.port ?? 0,
      );
      claim(files.server, { pid: process.pid, lifetime, url });
      return new LocalSageMaker(url, files, async () => {
        release(files.server);
        // Requests under way get their answers; then the containers end.
        await Promise.all([
          new Promise((resolve) => (server.close(resolve), server.closeIdleConnections())),
          endpoints.close(),
        ]);
      });
    } catch (error) {
      release(files.server);
      throw error;
    }
  }

  /** Stops; requests under way are answered first. */
  close(): Promise<void> {
    return this.shutDown();
  }
}

/** What this server can do besides SageMaker's APIs; `internal-operations.ts` is its client. */
function internalOperations(endpoints: Endpoints, roles: Roles): Operations {
  return {
    role: operation<InternalOperations['role']['input']>(
      { accessKey: z.string().min(1), role: z.looseObject({ name: z.string(), policies: z.array(z.looseObject({})) }) },
      ({ accessKey, role }) => {
        roles.set(accessKey, role);
        return {};
      },
    ),
    serve: operation<InternalOperations['serve']['input']>(
      { endpoint: resourceName, container: z.looseObject({ Image: z.string(), ModelDataUrl: z.string() }) },
      async ({ endpoint, container }) => {
        const record = endpoints.record(endpoint);
        if (record === undefined) await endpoints.serve(endpoint, container);
        const { EndpointStatus, FailureReason, transient, deployed } = endpoints.record(endpoint)!;
        const answer: InternalOperations['serve']['output'] = {
          status: EndpointStatus,
          failureReason: FailureReason,
          isDeployed: transient !== true,
          models: Object.keys(deployed?.models ?? {}),
        };
        return answer;
      },
    ),
  };
}
