import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/** Structured logs: one JSON object a line on standard output, which the container's log driver carries away. */
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
  return destination === undefined ? pino(options) : pino(options, destination);
}
