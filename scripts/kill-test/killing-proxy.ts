import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsRequest } from '../../local/aws/aws-request';
import type { Forward, Patch, Reply } from '../../local/aws/patches';
import { createShim } from '../../local/aws/shim';

/** Operations that make something, by their names. */
const MAKES = /^(?:Allocate|Associate|Attach|Authorize|Create|Put|Register)/;

/**
 * An address in front of the emulator that kills a deploy at the worst moment: AWS has made something, and Terraform has
 * not yet been told.
 */
export class KillingProxy {
  private made = 0;
  private readonly server: Server;

  /**
   * @param atCall which of the calls that make something is the last
   * @param spared bucket whose objects do not count, such as that of the states
   * @param kill ends the deploy at once
   */
  private constructor(port: number, atCall: number, spared: string, kill: () => void) {
    const patch: Patch = {
      service: '',
      operations: [],
      missing: '',
      why: '',
      how: '',
      seenIn: '',
      matches: (request) => makes(request, spared),
      open:
        () =>
        async (_request: AwsRequest, forward: Forward): Promise<Reply> => {
          const reply = await forward();
          this.made += 1;
          if (this.made === atCall) kill();
          return reply;
        },
    };
    this.server = createShim({ motoPort: port, patches: [patch] });
  }

  static async start(port: number, atCall: number, spared: string, kill: () => void): Promise<KillingProxy> {
    const proxy = new KillingProxy(port, atCall, spared, kill);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many calls have made something. */
  get calls(): number {
    return this.made;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function makes({ service, operation, method, url }: AwsRequest, spared: string): boolean {
  if (operation !== '') return MAKES.test(operation);
  if (service === 's3' && url.startsWith(`/${spared}/`)) return false;
  // S3 and Lambda speak REST.
  return method === 'PUT' || method === 'POST';
}
