import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Forward, Gap, Reply } from '../../../scripts/emulator/gaps';
import { createShim } from '../../../scripts/emulator/shim';

interface Service {
  readonly desiredCount: number;
  readonly deployments: readonly object[];
}

/** An address in front of the emulator where every service is steady. In the emulator no task runs, and who waits for a service waits for ever. */
export class SteadyServices {
  private constructor(private readonly server: Server) {}

  static async before(port: number): Promise<SteadyServices> {
    const gap: Gap = {
      service: 'ecs', operations: ['DescribeServices'], missing: '', why: '', how: '', seenIn: '',
      matches: (request) => request.service === 'ecs' && request.operation === 'DescribeServices',
      open: () => async (_request, forward: Forward): Promise<Reply> => {
        const reply = await forward();
        const answer = JSON.parse(reply.body.toString('utf8')) as { services?: readonly Service[] };
        const services = answer.services?.map((service) => ({
          ...service, runningCount: service.desiredCount, pendingCount: 0, deployments: service.deployments.map((deployment) => ({ ...deployment, rolloutState: 'COMPLETED' })),
        }));
        return { ...reply, body: Buffer.from(JSON.stringify({ ...answer, ...(services !== undefined && { services }) })) };
      },
    };
    const server = createShim({ motoPort: port, gaps: [gap] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SteadyServices(server);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
