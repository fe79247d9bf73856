import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lifecycle } from './lifecycle';
import type { Logger } from './logger';

export interface ServeProps {
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  /** How long new requests are still accepted after the service is asked to stop. */
  readonly drainSeconds: number;
  /** How long the stop may take at most, including the drain. */
  readonly stopSeconds: number;
}

export interface RunningServer {
  readonly port: number;
  readonly server: Server;
  /**
   * Stops: fails readiness first, still accepts requests while it drains (each answer closes its connection), then
   * accepts none, finishes the accepted ones, and cuts off the rest when the time is up.
   * @returns whether every accepted request was answered.
   */
  stop(options?: { readonly drainSeconds?: number }): Promise<boolean>;
}

// Above the 60 s after which an Application Load Balancer drops an idle connection: the side that sends requests must
// be the one that closes, or a request may meet a connection that is just being closed.
const KEEP_ALIVE_MILLISECONDS = 75_000;

/** Serves an app over HTTP. */
export async function serve(listener: RequestListener, props: ServeProps): Promise<RunningServer> {
  const { lifecycle, logger } = props;
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      headersTimeout: 20_000,
      requestTimeout: 120_000,
      connectionsCheckingInterval: 5_000,
    },
    listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(props.port, props.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  logger.info({ port }, 'listening');

  let stopping: Promise<boolean> | undefined;
  const stop = async (drainSeconds: number): Promise<boolean> => {
    const deadline = performance.now() + props.stopSeconds * 1000;
    lifecycle.startDraining();
    logger.info(
      { drainSeconds, stopSeconds: props.stopSeconds },
      'stopping: still taking requests while load balancers look elsewhere',
    );
    await pause(Math.min(drainSeconds, props.stopSeconds) * 1000);
    const closed = new Promise<boolean>((resolve) => void server.close(() => resolve(true)));
    // A connection becomes idle when its last answer ends; its keep-alive time must not delay the stop.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    const late = new AbortController();
    const inTime = await Promise.race([
      closed,
      pause(Math.max(0, deadline - performance.now()), late.signal).then(() => false),
    ]);
    clearInterval(sweep);
    late.abort();
    if (inTime) logger.info('stopped: every accepted request was answered');
    else {
      logger.error('stopped: the time was up with requests still open; they were cut');
      server.closeAllConnections();
    }
    return inTime;
  };
  return { port, server, stop: (options = {}) => (stopping ??= stop(options.drainSeconds ?? props.drainSeconds)) };
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
