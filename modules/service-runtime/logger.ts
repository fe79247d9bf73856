import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/** Structured logs: one JSON object per line on standard output, which the container's log driver collects. */
export function createLogger(
  props: { readonly service: string; readonly version: string; readonly level: (typeof logLevels)[number] },
  destination?: DestinationStream,
): Logger {
  const options = {
    level: props.level,
    base: { service: props.service, version: props.version },
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  return pino(options, destination ?? gathered());
}

/** How long a line may wait to be written together with others. */
const FLUSH_MILLISECONDS = 200;

/**
 * Lines are written in batches: under load, writing each one separately costs as much as answering the request that it
 * describes.
 */
function gathered(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, minLength: 4096 });
  setInterval(() => destination.flush(), FLUSH_MILLISECONDS).unref();
  // `sync`: what is left is written even when the process ends by an exception.
  process.on('exit', () => destination.flushSync());
  return destination;
}
