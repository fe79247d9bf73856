import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Body = Readonly<Record<string, unknown>>;
/** What an operation answers; one that has no answer here ends with AccessDeniedException. */
export type Answers = Readonly<Record<string, (body: Body) => Body | FakeError>>;

export class FakeError {
  constructor(
    readonly name: string,
    readonly message: string,
  ) {}
}

/** The operations of AWS's JSON protocol that a test needs, each answered by a function. Notes the calls. */
export class FakeAws {
  readonly calls: string[] = [];
  answers: Answers = {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target']).split('.').at(-1)!;
        this.calls.push(operation);
        const body = JSON.parse(Buffer.concat(parts).toString()) as Body;
        const answer = this.answers[operation]?.(body) ?? new FakeError('AccessDeniedException', `no ${operation}`);
        const failed = answer instanceof FakeError;
        response.writeHead(failed ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(failed ? { __type: answer.name, message: answer.message } : answer));
      });
    });
  }

  /** @returns the address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
