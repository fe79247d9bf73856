import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Patch, Reply } from '../../../local/aws/patches';
import { createShim } from '../../../local/aws/shim';

/** One call as S3 sees it. */
export interface S3Call {
  readonly method: string;
  /** `bucket/key`; a bucket's own operations have no key. */
  readonly object: string;
}

/** An address in front of the emulator that notes what is called, and stands for someone who may do only some of it. */
export class WatchedAws {
  /** @param s3 calls of S3, in their order; @param operations of other services, such as `AssumeRole` */
  private constructor(
    private readonly server: Server,
    readonly s3: readonly S3Call[],
    readonly operations: readonly string[],
  ) {}

  /** @param port of the emulator; @param isAllowed whether S3 answers a call, everything by default */
  static async start(port: number, isAllowed: (call: S3Call) => boolean = () => true): Promise<WatchedAws> {
    const watched: { s3: S3Call[]; operations: string[] } = { s3: [], operations: [] };
    const watch: Patch = {
      service: '*',
      operations: [],
      missing: '',
      why: '',
      how: '',
      seenIn: '',
      matches: () => true,
      open: () => async (request, forward) => {
        await request.body();
        if (request.service !== 's3') {
          watched.operations.push(request.operation);
          return forward();
        }
        const call = { method: request.method, object: decodeURIComponent((request.url.split('?')[0] ?? '').slice(1)) };
        watched.s3.push(call);
        if (!isAllowed(call)) return accessDenied;
        const reply = await forward();
        // Whoever may not list a bucket is not told that an object is missing either.
        return reply.status === 404 && !isAllowed({ method: 'GET', object: call.object.split('/')[0] ?? '' })
          ? accessDenied
          : reply;
      },
    };
    const server = createShim({ motoPort: port, patches: [watch] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WatchedAws(server, watched.s3, watched.operations);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const accessDenied: Reply = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  ),
};
