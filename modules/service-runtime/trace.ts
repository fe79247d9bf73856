import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header in which an Application Load Balancer names a request, and in which the services pass the name on. */
export const TRACE_HEADER = 'x-amzn-trace-id';

const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;

/**
 * The name that one request carries through all services: the root of the load balancer's trace header, or a new one in the same
 * form where there is none. Anything else that a client wrote into the header is dropped.
 *
 * Form: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
export function readRequestId(headers: IncomingHttpHeaders): string {
  const header = headers[TRACE_HEADER];
  const root = typeof header === 'string' ? ROOT.exec(header)?.[1] : undefined;
  return root?.toLowerCase() ?? newRequestId();
}

/** The trace header that passes a request's name on to the next service. */
export function traceHeader(requestId: string): Record<string, string> {
  return { [TRACE_HEADER]: `Root=${requestId}` };
}

function newRequestId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16).padStart(8, '0');
  return `1-${seconds}-${randomBytes(12).toString('hex')}`;
}
