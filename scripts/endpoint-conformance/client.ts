import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body where it is JSON, else undefined. */
  readonly json: unknown;
  readonly milliseconds: number;
}

/** Talks to the endpoint under test as SageMaker does: headers are sent as they are given, and nothing is added. */
export class Client {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: string) {
    this.#url = new URL(url);
    const options = { keepAlive: true, maxSockets: 64 };
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent(options) : new Agent(options);
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path, {}, undefined);
  }

  invoke(body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#send('POST', '/invocations', headers, Buffer.from(body));
  }

  /** JSON in TensorFlow Serving's form. */
  predict(body: unknown): Promise<Answer> {
    return this.invoke(JSON.stringify(body), { 'content-type': 'application/json' });
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer | undefined,
  ): Promise<Answer> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const send = this.#url.protocol === 'https:' ? requestTls : request;
      const length = body === undefined ? {} : { 'content-length': String(body.length) };
      const call = send(
        new URL(path, this.#url),
        { method, headers: { ...length, ...headers }, agent: this.#agent, timeout: 70_000 },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              json: parse(text),
              milliseconds: performance.now() - started,
            });
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer within 70 s`)));
      call.on('error', reject);
      call.end(body);
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
