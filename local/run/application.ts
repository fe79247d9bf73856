import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../toolchain';
import { appNames, buildApp, startChildService, type AppName, type ChildService } from './child-service';
import { newAccessKey, startModelServer, type ModelServer } from './model-server';
import { startFakeEndpoint, type FakeEndpoint } from './fake-endpoint';
import { actAs } from '../aws/act-as';
import type { TaskRole } from '../sagemaker/task-role';

/** A container as its deployed task definition describes it. */
export interface ContainerDescription {
  /** The image's name; the last part of its repository is the name of the app here: `…/app-web:1.2.3`. */
  readonly image: string;
  /** The port that the container listens on. */
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Addresses that others use for this service, such as its load balancer's; they are answered by the process here. */
  readonly addresses?: readonly string[];
  /** The task's role; what it does not allow fails here as it does there. @default everything is allowed */
  readonly taskRole?: TaskRole;
}

export interface RunProps {
  readonly containers: readonly ContainerDescription[];
  /** A SageMaker runtime to use instead of the local one. */
  readonly endpointUrl?: string;
  /** Answers come from a fake endpoint that looks at no photo, instead of from a model. @default false */
  readonly fakeEndpoint?: boolean;
  /** What serves where nothing was deployed: a model's folder or its model.tar.gz. @default sagemaker/sample-model */
  readonly model?: string;
  /** Folder of the local SageMaker. @default .strata/sagemaker, or STRATA_SAGEMAKER_DIRECTORY */
  readonly sagemakerDirectory?: string;
  /** Sees the apps' logs, a line at a time. */
  readonly onLine?: (app: AppName, line: string) => void;
  /** Told what is being done. */
  readonly progress?: (text: string) => void;
}

export interface RunningApplication {
  /** Where a person opens the page. */
  readonly url: string;
  readonly services: readonly ChildService[];
  /** Address of the SageMaker runtime that app-was asks. */
  readonly endpointUrl: string;
  /** What answers, by endpoint, for people; nothing where another runtime was given. */
  readonly models: readonly string[];
  stop(): Promise<void>;
}

/**
 * Runs the application as it is deployed, without containers: each container's app as a process with the container's
 * environment, and a SageMaker runtime for app-was to find by the SDK's own override.
 *
 * @throws UserError when an image is none of the apps', or an app does not start.
 */
export async function runApplication(props: RunProps): Promise<RunningApplication> {
  const progress = props.progress ?? (() => undefined);
  const plan = props.containers.map((container) => ({ container, app: appOfImage(container.image) }));
  for (const app of appNames)
    if (!plan.some((entry) => entry.app === app))
      throw new UserError(`no container's image is ${app}'s; both apps are needed`);

  const folder = mkdtempSync(join(tmpdir(), 'strata-apps-'));
  const started: ChildService[] = [];
  let fakeEndpoint: FakeEndpoint | undefined;
  let model: ModelServer | undefined;
  const stop = async (): Promise<void> => {
    // The page first: it still has answers to fetch from app-was.
    for (const service of [...started].reverse()) await service.stop('SIGINT');
    await Promise.all([fakeEndpoint?.close(), model?.close()]);
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const accessKeys = new Map(appNames.map((app) => [app, newAccessKey(app)]));
    const roles = new Map(
      plan.flatMap(({ app, container }) =>
        container.taskRole === undefined ? [] : [[accessKeys.get(app)!, container.taskRole] as const],
      ),
    );
    const endpoints = plan
      .filter(({ app }) => app === 'app-was')
      .map(({ container }) => container.environment['SAGEMAKER_ENDPOINT_NAME'] ?? 'image-classifier');
    for (const [accessKey, { name, emulated }] of roles)
      if (emulated !== undefined) await actAs(emulated.endpoint, emulated.arn, name, accessKey);
    const startEndpoint = async (): Promise<void> => {
      if (props.endpointUrl !== undefined) return;
      if (props.fakeEndpoint === true) fakeEndpoint = await startFakeEndpoint({ roles, endpoints });
      else
        model = await startModelServer({
          endpoints,
          roles,
          model: props.model,
          directory: props.sagemakerDirectory,
          onEvent: progress,
        });
    };
    progress(
      props.endpointUrl === undefined && props.fakeEndpoint !== true
        ? 'building app-web and app-was, starting the model'
        : 'building app-web and app-was',
    );
    // All of them come to an end before a failure of one stops what was started.
    const prepared = await Promise.allSettled([
      ...appNames.map((app) => buildApp(app, join(folder, app))),
      startEndpoint(),
    ]);
    for (const result of prepared) if (result.status === 'rejected') throw result.reason;
    const endpointUrl = props.endpointUrl ?? fakeEndpoint?.url ?? model?.url ?? '';

    const addresses = new Map<string, string>();
    // app-was first: app-web is told where it is.
    for (const { app, container } of plan.sort((a, b) => appNames.indexOf(b.app) - appNames.indexOf(a.app))) {
      const port = await freePort(container.port);
      progress(
        port === container.port
          ? `starting ${app}`
          : `starting ${app} on port ${port}, because ${container.port} is taken`,
      );
      const service = await startChildService({
        app,
        folder: join(folder, app),
        environment: {
          ...inherited(),
          METRICS_PORT: '0',
          // What ECS gives every task on AWS, and does not write into the task definition.
          AWS_ACCESS_KEY_ID: accessKeys.get(app)!,
          AWS_SECRET_ACCESS_KEY: 'local',
          ...(container.taskRole?.emulated !== undefined && { AWS_ENDPOINT_URL: container.taskRole.emulated.endpoint }),
          AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpointUrl,
          ...relocated(container.environment, addresses),
          HOST: '127.0.0.1',
          PORT: String(port),
        },
        onLine: (line) => props.onLine?.(app, line),
      });
      started.push(service);
      for (const address of container.addresses ?? []) addresses.set(address.replace(/\/$/, ''), service.url);
    }
    return {
      url: started.find(({ app }) => app === 'app-web')!.url,
      services: started,
      endpointUrl,
      models:
        fakeEndpoint === undefined
          ? (model?.models ?? [])
          : [`${endpoints.join(', ')}: a fake endpoint; its answers mean nothing`],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The app whose image this is, by the last part of the repository's name. */
export function appOfImage(image: string): AppName {
  const name = image.replace(/@.*$/, '').split('/').at(-1)!.split(':', 1)[0];
  const app = appNames.find((known) => known === name);
  if (app === undefined)
    throw new UserError(
      `the image "${image}" is none of ${appNames.join(', ')}; the last part of the repository's name says ` +
        'which app it is',
    );
  return app;
}

/** The environment with each address of a neighbour replaced by where that neighbour runs here. */
function relocated(
  environment: Readonly<Record<string, string>>,
  addresses: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [key, addresses.get(value.replace(/\/$/, '')) ?? value]),
  );
}

/** What a process needs of this machine; everything else comes from the container's description, as in a container. */
function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        /^(PATH|HOME|TZ|LANG|TMPDIR|SystemRoot)$/.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/** The wanted port where it is free, else any. */
function freePort(wanted: number): Promise<number> {
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createServer().once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
      });
    });
  return listen(wanted).catch(() => listen(0));
}
