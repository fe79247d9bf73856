import { ConfigError } from '@strata/core/config';
import type { Express } from 'express';
import type * as z from 'zod';
import { Lifecycle } from './lifecycle';
import { createLogger, type Logger } from './logger';
import { Metrics } from './metrics';
import { serve } from './serve';
import { readSettings, type serviceSettings } from './settings';

type ServiceShape = ReturnType<typeof serviceSettings>;

/** What a service's app is made with. */
export interface ServiceParts<T> {
  readonly settings: T;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

/**
 * The whole life of a service's process: reads its settings, serves its app and its metrics, and stops when told to.
 *
 * SIGTERM (an orchestrator) drains first; SIGINT (a person's Ctrl-C) does not wait for load balancers; a second signal
 * ends the process immediately. Wrong settings end the process with code 78 (`EX_CONFIG`) and one message that lists
 * them all.
 */
export async function runService<S extends z.ZodObject<ServiceShape>>(props: {
  readonly service: string;
  readonly version: string;
  readonly settings: S;
  readonly createApp: (parts: ServiceParts<z.output<S>>) => Express;
}): Promise<void> {
  const { service, version } = props;
  let settings: z.output<S> & z.output<z.ZodObject<ServiceShape>>;
  try {
    settings = readSettings(props.settings, process.env) as typeof settings;
  } catch (error) {
    if (!ConfigError.isConfigError(error)) throw error;
    createLogger({ service, version, level: 'info' }).fatal({ problems: error.problems }, error.message);
    process.exitCode = 78;
    return;
  }

  const logger = createLogger({ service, version, level: settings.LOG_LEVEL });
  const metrics = new Metrics(service);
  const lifecycle = new Lifecycle();
  const app = props.createApp({ settings, logger, metrics, lifecycle });
  try {
    const server = await serve(app, {
      port: settings.PORT,
      host: settings.HOST,
      logger,
      lifecycle,
      drainSeconds: settings.DRAIN_SECONDS,
      stopSeconds: settings.STOP_SECONDS,
    });
    const stop = (why: string, drainSeconds: number, code: number): void => {
      if (lifecycle.draining) process.exit(1);
      logger.info({ why }, 'told to stop');
      void server.stop({ drainSeconds }).then((clean) => process.exit(clean ? code : 1));
    };
    process.on('SIGTERM', () => stop('SIGTERM', settings.DRAIN_SECONDS, 0));
    process.on('SIGINT', () => stop('SIGINT', 0, 0));
    // Nothing is known of the process's state any more: finish what is open, and let the orchestrator start a fresh
    // one.
    const broken = (error: unknown): void => {
      logger.fatal({ err: error }, 'unexpected failure');
      stop('unexpected failure', 0, 1);
    };
    process.on('uncaughtException', broken);
    process.on('unhandledRejection', broken);

    if (settings.METRICS_PORT !== 'off') {
      const { port } = await metrics.serve(settings.METRICS_PORT, settings.HOST);
      logger.info({ port }, 'serving metrics');
    }
  } catch (error) {
    const { code, port } = error as { code?: string; port?: number };
    logger.fatal(
      { code, port },
      code === 'EADDRINUSE'
        ? `port ${port} is taken; end what listens there, or set PORT or METRICS_PORT`
        : String(error),
    );
    process.exit(1);
  }

  const namespace = settings.METRICS_NAMESPACE;
  if (namespace !== undefined) {
    const write = (): void => logger.info(metrics.takeCloudWatchRecord(namespace), 'metrics');
    setInterval(write, 60_000).unref();
    process.on('exit', write);
  }
}
