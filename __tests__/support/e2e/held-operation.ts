import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Forward, type Patch, type Reply } from '../../../local/aws/patches';
import { createShim } from '../../../local/aws/shim';

/**
 * An address in front of the emulator where calls of some operations arrive and are not passed on until they are let
 * go: a deploy stands still at a known place, with nothing half made behind it.
 */
export class HeldOperations {
  private constructor(
    private readonly server: Server,
    private readonly held: Map<string, number>,
    private readonly release: Map<string, () => void>,
  ) {}

  /**
   * Holds EC2 operations such as `CreateNatGateway`.
   * @param done those that are passed on, and whose answers are held: what they make exists, and nobody is told
   */
  static async ofEc2(
    port: number,
    operations: readonly string[],
    done: readonly string[] = [],
  ): Promise<HeldOperations> {
    const held = new Map<string, number>();
    const release = new Map<string, () => void>();
    const gates = new Map(
      operations.map((operation) => [operation, new Promise<void>((resolve) => release.set(operation, resolve))]),
    );
    const patch: Patch = {
      service: 'ec2',
      operations,
      missing: '',
      why: '',
      how: '',
      seenIn: '',
      matches: (request) => request.service === 'ec2' && gates.has(request.operation),
      open:
        () =>
        async (request, forward: Forward): Promise<Reply> => {
          await request.body();
          const answer = done.includes(request.operation) ? await forward() : undefined;
          held.set(request.operation, (held.get(request.operation) ?? 0) + 1);
          await gates.get(request.operation);
          return answer ?? forward();
        },
    };
    const server = createShim({ motoPort: port, patches: [patch] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HeldOperations(server, held, release);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Whether a call of the operation has arrived. */
  isReached(operation: string): boolean {
    return (this.held.get(operation) ?? 0) > 0;
  }

  letGo(operation: string): void {
    this.release.get(operation)?.();
  }

  /** Drops what is still held. */
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
