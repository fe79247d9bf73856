import { parseConfig } from '@strata/core/config';
import * as z from 'zod';
import { logLevels } from './logger';

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `use a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** A whole number in an environment variable. */
export function wholeNumber(range: { readonly min: number; readonly max: number; readonly default: number }) {
  return whole(range.min, range.max).default(range.default);
}

/** An `http://` or `https://` address without path, query or credentials. */
export const httpOrigin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === '';
  if (plain) return url.origin;
  context.addIssue({ code: 'custom', message: 'use http:// or https://, a host and, if need be, a port' });
  return z.NEVER;
});

/** What every service is told by its environment; `port` and `metricsPort` differ in their defaults. */
export function serviceSettings(defaults: { readonly port: number; readonly metricsPort: number }) {
  return {
    /** Port that the service listens on. */
    PORT: wholeNumber({ min: 0, max: 65_535, default: defaults.port }),
    /** Address that the service listens on. */
    HOST: z.string().min(1).default('0.0.0.0'),
    LOG_LEVEL: z.enum(logLevels).default('info'),
    /**
     * Port of the Prometheus metrics, apart from the service's own port so that no load balancer shows them to the
     * world; `off` for none.
     */
    METRICS_PORT: z
      .string()
      .regex(/^(off|\d{1,5})$/, 'use a port, or off')
      .transform((text) => (text === 'off' ? text : Number(text)))
      .default(defaults.metricsPort),
    /** CloudWatch namespace; when set, metrics are also written to the log in CloudWatch's embedded metric format. */
    METRICS_NAMESPACE: z
      .string()
      .regex(/^[\w.\-/#:]{1,255}$/, 'use 1 to 255 letters, digits or . - _ / # :')
      .optional(),
    /** How long a stopping service still takes new requests, so that load balancers learn of the stop first. */
    DRAIN_SECONDS: wholeNumber({ min: 0, max: 60, default: 5 }),
    /**
     * When a stopping service ends at the latest. Below the task's stop timeout (30 s by default on ECS), after which
     * it is killed.
     */
    STOP_SECONDS: wholeNumber({ min: 1, max: 115, default: 25 }),
  };
}

/**
 * Reads a service's settings from environment variables, an empty one counting as absent; variables that the schema
 * does not name are left alone.
 * @throws ConfigError that lists every problem.
 */
export function readSettings<S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv): z.output<S> {
  const known = Object.keys(schema.shape).filter((key) => environment[key] !== undefined && environment[key] !== '');
  return parseConfig(schema, Object.fromEntries(known.map((key) => [key, environment[key]])), {
    source: 'environment variables',
  });
}
