import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header in which an Application Load Balancer identifies a request, and in which the services forward its id. */
export const TRACE_HEADER = 'x-amzn-trace-id';

/**
 * The header in which a caller passes attributes to the container of a SageMaker endpoint, and in which the container
 * may answer.
 */
export const CUSTOM_ATTRIBUTES_HEADER = 'x-amzn-sagemaker-custom-attributes';

const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;

const REQUEST_ID = /(?:^|[,;\s])request-id=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:[,;\s]|$)/i;

/**
 * The id that a request carries through all services: the root of the load balancer's trace header; behind SageMaker,
 * which forwards no trace, `request-id=` in the custom attributes; or a new id in the same format. Anything else that a
 * client wrote into the headers is dropped.
 *
 * Form: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
 */
export function readRequestId(headers: IncomingHttpHeaders): string {
  const id = find(ROOT, headers[TRACE_HEADER]) ?? find(REQUEST_ID, headers[CUSTOM_ATTRIBUTES_HEADER]);
  return id?.toLowerCase() ?? newRequestId();
}

function find(form: RegExp, header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? form.exec(header)?.[1] : undefined;
}

/** The trace header that forwards a request's id to the next service. */
export function traceHeader(requestId: string): Record<string, string> {
  return { [TRACE_HEADER]: `Root=${requestId}` };
}

function newRequestId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${randomBytes(12).toString('hex')}`;
}
