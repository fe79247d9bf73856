import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, startChildService, type AppName, type ChildService } from '../../local/run/child-service';
import { photoForm, type Form } from '../../scripts/bench/apps/photo-form';
import { startFakeEndpoint, type FakeEndpoint, type FakeEndpointProps } from '../../local/run/fake-endpoint';

// Each test starts processes, and the machine may be busy with other tests.
jest.setTimeout(30_000);

/** A photo of the tests' own, as a file on disk. */
export function photoPath(name = 'violet.jpg'): string {
  return join(__dirname, 'photos', name);
}

export function photo(name?: string): Buffer {
  return readFileSync(photoPath(name));
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, never> & {
    readonly error?: { readonly code: string; readonly message: string; readonly details?: Record<string, unknown> };
  };
  readonly text: string;
}

/** Sends a form and reads the answer, whatever it is. */
export async function send(url: string, form: Form, headers: Record<string, string> = {}): Promise<Answer> {
  const { 'content-length': _length, ...own } = form.headers as Record<string, string>;
  return read(
    await fetch(`${url}/classify/image`, {
      method: 'POST',
      body: new Uint8Array(form.body),
      headers: { ...own, ...headers },
    }),
  );
}

export function sendPhoto(url: string, bytes: Buffer = photo(), headers?: Record<string, string>): Promise<Answer> {
  return send(url, photoForm(bytes), headers);
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return read(await fetch(url, { headers }));
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson ? JSON.parse(text) : {}) as Answer['body'],
  };
}

/** Everything that a test file starts, ended together. */
export class Harness {
  readonly #folder = mkdtempSync(join(tmpdir(), 'strata-apps-test-'));
  readonly #built = new Map<AppName, Promise<void>>();
  readonly #services: ChildService[] = [];
  readonly #closers: (() => Promise<void>)[] = [];

  folder(app: AppName): string {
    return join(this.#folder, app);
  }

  async #start(app: AppName, environment: Record<string, string>): Promise<ChildService> {
    if (!this.#built.has(app)) this.#built.set(app, buildApp(app, this.folder(app)));
    await this.#built.get(app);
    const service = await startChildService({
      app,
      folder: this.folder(app),
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOST: '127.0.0.1',
        PORT: '0',
        METRICS_PORT: '0',
        NODE_NO_WARNINGS: '1',
        ...environment,
      },
    });
    this.#services.push(service);
    return service;
  }

  /** app-was, with its own endpoint unless an address is passed. */
  async was(environment: Record<string, string> = {}, endpoint?: FakeEndpoint): Promise<ChildService> {
    const url = endpoint?.url ?? environment['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] ?? (await this.endpoint()).url;
    return this.#start('app-was', {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
      ...environment,
    });
  }

  web(wasUrl: string, environment: Record<string, string> = {}): Promise<ChildService> {
    return this.#start('app-web', { APP_WAS_URL: wasUrl, ...environment });
  }

  async endpoint(props?: FakeEndpointProps): Promise<FakeEndpoint> {
    const endpoint = await startFakeEndpoint(props);
    this.#closers.push(() => endpoint.close());
    return endpoint;
  }

  /** A server that does whatever it is told, as a broken neighbour does. */
  async server(
    listener: RequestListener,
    onConnection?: (socket: Socket) => void,
  ): Promise<{ readonly url: string; readonly server: Server }> {
    const server = createServer(listener);
    if (onConnection !== undefined) server.on('connection', onConnection);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
  }

  async close(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop('SIGINT')));
    await Promise.all(this.#closers.map((close) => close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A process's resident memory in MiB; its peak with `VmHWM`. */
export function memoryMiB(service: ChildService, field: 'VmRSS' | 'VmHWM' = 'VmHWM'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(
    readFileSync(`/proc/${service.process.pid}/status`, 'utf8'),
  )?.[1];
  return Number(kilobytes) / 1024;
}
