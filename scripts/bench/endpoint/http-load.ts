import { connect } from 'node:net';

export interface LoadResult {
  /** Milliseconds of each answer, in the order of their ends. */
  readonly milliseconds: readonly number[];
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly seconds: number;
}

/** A request as it goes over the wire, made once. */
export function photoRequest(photo: Buffer): Buffer {
  const head =
    'POST /invocations HTTP/1.1\r\nHost: endpoint\r\nContent-Type: image/jpeg\r\nAccept: ' +
    `application/json\r\nContent-Length: ${photo.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), photo]);
}

/**
 * Sends requests over kept connections, one at a time on each, until the time is up. It writes to plain sockets and
 * reads no more of an answer than its status and length: the load shares the cores with what it measures, and Node's
 * own HTTP client would take five times as much of them.
 */
export async function load(props: {
  readonly port: number;
  readonly requests: readonly Buffer[];
  readonly concurrency: number;
  readonly seconds: number;
}): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const started = performance.now();
  const end = started + props.seconds * 1000;

  const connection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: props.port, host: '127.0.0.1', noDelay: true });
      let sent = 0;
      /** Bytes of the answer that are still to come; undefined until its head is there. */
      let missing: number | undefined;
      let head: Buffer = Buffer.alloc(0);
      const send = (): void => {
        sent = performance.now();
        socket.write(props.requests[next++ % props.requests.length]!);
      };
      socket.on('data', (chunk: Buffer) => {
        let body = chunk.length;
        if (missing === undefined) {
          head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
          const headEnd = head.indexOf('\r\n\r\n');
          if (headEnd < 0) return;
          const text = head.toString('latin1', 0, headEnd);
          const status = Number(text.slice(9, 12));
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          missing = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1]);
          if (Number.isNaN(missing)) return void socket.destroy(new Error(`an answer without Content-Length: ${text}`));
          body = head.length - headEnd - 4;
          head = Buffer.alloc(0);
        }
        missing -= body;
        if (missing > 0) return;
        missing = undefined;
        const now = performance.now();
        milliseconds.push(now - sent);
        if (now < end) send();
        else socket.end();
      });
      socket.once('connect', send);
      socket.once('error', reject);
      socket.once('close', (hadError) => (hadError ? undefined : resolve()));
    });

  await Promise.all(Array.from({ length: props.concurrency }, connection));
  return { milliseconds, statuses, seconds: (performance.now() - started) / 1000 };
}
