import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { TaskProtection } from '../../../modules/worker-runtime/task/protection';

/** The agent's endpoint: answers what it is told, and remembers what it was asked. */
class Agent {
  readonly asked: unknown[] = [];
  answer: object = { protection: {} };
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Agent> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        agent.asked.push([request.method, request.url, JSON.parse(body)]);
        response.end(JSON.stringify(agent.answer));
      });
    });
    const agent = new Agent(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return agent;
  }
  get uri(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('the protection of a task', () => {
  let agent: Agent;
  beforeEach(async () => (agent = await Agent.start()));
  afterEach(() => agent.stop());
  const PATH = '/task-protection/v1/state';

  it('is asked for the longest run, within what ECS allows, and let go', async () => {
    const protection = new TaskProtection(agent.uri, 9999);
    expect(await protection.acquire()).toBe('protected');
    await protection.release();
    await protection.release();
    expect(agent.asked).toEqual([
      ['PUT', PATH, { ProtectionEnabled: true, ExpiresInMinutes: 2880 }],
      ['PUT', PATH, { ProtectionEnabled: false }],
    ]);
  });

  it('is refused while a deployment is blocked, and otherwise unavailable', async () => {
    const protection = new TaskProtection(agent.uri, 10);
    agent.answer = { failure: { Arn: 'a', Reason: 'DEPLOYMENT_BLOCKED', Detail: null } };
    expect(await protection.acquire()).toBe('blocked');
    agent.answer = { error: { Code: 'ServerException' } };
    expect(await protection.acquire()).toBe('unavailable');
    agent.stop();
    expect(await protection.acquire()).toBe('unavailable');
  });

  it('needs nobody where no agent runs', async () => {
    const protection = new TaskProtection(undefined, 10);
    expect(await protection.acquire()).toBe('protected');
    await protection.release();
    expect(agent.asked).toEqual([]);
  });
});
