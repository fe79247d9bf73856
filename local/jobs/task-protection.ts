// The agent's endpoint for scale-in protection, as tasks of ECS find it in ECS_AGENT_URI.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html */
const PATH = /^\/([^/]+)\/task-protection\/v1\/state$/;

export interface ProtectionOptions {
  /** Whether one more task of the same service may be protected. */
  readonly mayProtect: (taskId: string) => boolean;
}

export class TaskProtectionEndpoint {
  private readonly until = new Map<string, number>();
  private server: Server | undefined;
  private address = '';

  constructor(private readonly options: ProtectionOptions) {}

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const taskId = PATH.exec(request.url ?? '')?.[1];
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const answer = taskId === undefined ? undefined : this.answer(taskId, request.method ?? '', body);
        response
          .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  uriOf(taskId: string): string {
    return `${this.address}/${taskId}`;
  }

  isProtected(taskId: string): boolean {
    return (this.until.get(taskId) ?? 0) > Date.now();
  }

  forget(taskId: string): void {
    this.until.delete(taskId);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server === undefined ? resolve(undefined) : this.server.close(resolve)));
  }

  private answer(taskId: string, method: string, body: string): object {
    if (method === 'PUT') {
      const { ProtectionEnabled: enabled, ExpiresInMinutes: minutes = 120 } = JSON.parse(body || '{}') as {
        ProtectionEnabled?: boolean;
        ExpiresInMinutes?: number;
      };
      if (enabled === true) {
        if (!this.isProtected(taskId) && !this.options.mayProtect(taskId))
          return { failure: { Arn: taskId, Reason: 'DEPLOYMENT_BLOCKED' } };
        this.until.set(taskId, Date.now() + minutes * 60_000);
      } else this.until.delete(taskId);
    }
    return { protection: { ProtectionEnabled: this.isProtected(taskId), TaskArn: taskId } };
  }
}
