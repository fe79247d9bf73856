import type { IncomingMessage } from 'node:http';

/**
 * Reads the rest of a request that was already answered and drops it. A connection closed with data unread is reset,
 * and the client (a browser that is still uploading) never sees the answer. More than the limits is cut off all the
 * same.
 */
export function discardRequest(
  request: IncomingMessage,
  limits: { readonly maxBytes: number; readonly maxSeconds: number } = { maxBytes: 64 * 1024 * 1024, maxSeconds: 15 },
): void {
  if (request.readableEnded || request.destroyed) return;
  let bytes = 0;
  const cut = (): void => void request.socket.destroy();
  const timer = setTimeout(cut, limits.maxSeconds * 1000).unref();
  request.unpipe();
  request.removeAllListeners('data');
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.maxBytes) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.resume();
}
