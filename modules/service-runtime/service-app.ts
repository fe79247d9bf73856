import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { discardRequest } from './discard-request';
import { errorBody, HttpError } from './http-error';
import type { Lifecycle } from './lifecycle';
import type { Logger } from './logger';
import type { Metrics } from './metrics';
import { readRequestId } from './trace';

/** A request's context on its way through the service; see `contextOf`. */
export interface RequestContext {
  readonly requestId: string;
  readonly log: Logger;
  /** Aborts when the client has gone away before its answer was sent. */
  readonly signal: AbortSignal;
}

export interface ServiceAppProps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  /** Origins besides its own that the service's pages may call, such as a bucket's. @default none */
  readonly connectOrigins?: readonly string[];
  /** Adds the service's routes. */
  readonly routes: (app: Express) => void;
}

const contexts = new WeakMap<Request, RequestContext>();

/** The context of a request that came in through `createServiceApp`. */
export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('the request has no context: its app was not made by createServiceApp');
  return context;
}

/**
 * An Express app with what every service needs around its routes: a request id, security headers, a log line and
 * metrics for each request, 404 for unknown routes, and one error handler.
 */
export function createServiceApp(props: ServiceAppProps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(observe(props), securityHeaders(props.connectOrigins ?? []));
  props.routes(app);
  app.use((request) => {
    throw new HttpError(404, 'not_found', `there is nothing at ${request.method} ${request.path.slice(0, 200)}`);
  });
  app.use(answerFailure());
  return app;
}

function observe({ logger, metrics, lifecycle }: ServiceAppProps): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const started = performance.now();
    const requestId = readRequestId(request.headers);
    const log = logger.child({ requestId });
    const gone = new AbortController();
    contexts.set(request, { requestId, log, signal: gone.signal });
    response.setHeader('X-Request-Id', requestId);
    // Tells the client that its next request must use another connection.
    if (lifecycle.draining) response.setHeader('Connection', 'close');
    const { path } = request;
    metrics.requestStarted();
    response.once('close', () => {
      const answered = response.writableFinished;
      if (!answered) gone.abort(new HttpError(499, 'client_gone', 'the client went away before the answer was sent'));
      const seconds = (performance.now() - started) / 1000;
      // 499, nginx's number for a client that went away: such a request has no standard status.
      const status = answered ? response.statusCode : 499;
      const route: unknown = request.route?.path;
      metrics.requestEnded({
        method: request.method,
        route: typeof route === 'string' ? route : 'none',
        status,
        seconds,
      });
      const line = {
        method: request.method,
        path: path.slice(0, 200),
        status,
        milliseconds: Math.round(seconds * 1e4) / 10,
      };
      // Load balancers check every few seconds; their requests would drown out everything else.
      if ((path === '/health' || path === '/ping') && status === 200) log.debug(line, 'request');
      else if (status >= 500) log.error(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}

/**
 * Everything a page needs comes from its own origin, and from those that it may call; nothing may frame it. Headers that only make sense over HTTPS
 * are sent only there: a load balancer may still speak plain HTTP, where they would make browsers complain or look for
 * an HTTPS that is not there.
 */
function securityHeaders(connectOrigins: readonly string[]): RequestHandler {
  const shared = {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        connectSrc: ["'self'", ...connectOrigins],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  } satisfies HelmetOptions;
  const plain = helmet({
    ...shared,
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
  const secure = helmet(shared);
  return (request, response, next) =>
    (request.headers['x-forwarded-proto'] === 'https' ? secure : plain)(request, response, next);
}

function answerFailure(): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const { requestId, log, signal } = contextOf(request);
    const error = asHttpError(thrown);
    if (signal.aborted) return;
    if (error.status >= 500) log.warn({ code: error.code, cause: describe(error.cause ?? error) }, error.message);
    if (response.headersSent) {
      next(thrown);
      return;
    }
    if (error.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(error.retryAfterSeconds));
    response.setHeader('Cache-Control', 'no-store');
    response.status(error.status).json(errorBody(error, requestId));
    discardRequest(request);
  };
}

function asHttpError(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  const status = (thrown as { status?: unknown } | undefined)?.status;
  // Express's own refusals, such as a path that is not valid percent-encoding.
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new HttpError(status, 'bad_request', 'the request is not well formed', { cause: thrown });
  return new HttpError(500, 'internal', 'something went wrong on our side', { cause: thrown });
}

/** An error as it is logged: with names and causes, without an object's other properties. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const own = cause instanceof HttpError ? cause.message : `${cause.name}: ${cause.message}`;
  return cause.cause === undefined ? own : `${own} (${describe(cause.cause)})`;
}
