import type { Authorization } from '@strata/jobs-client';

export interface JobsFunctions {
  /** ARN of the function that takes uploads and jobs. */
  readonly submitArn: string;
  /** ARN of the function that tells about jobs. */
  readonly statusArn: string;
  /** ARN of the role that this process has. A function that is invoked is not told by whom, as the API tells it. */
  readonly roleArn: string;
  readonly authorization: Authorization;
  /** Address of Lambda. @default the region's */
  readonly endpoint?: string;
}

/** What a function answers to an HTTP API, payload format 2.0. */
interface FunctionAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Parts of `arn:aws:lambda:ap-northeast-2:123456789012:function:jobs-submit`. */
const FUNCTION_ARN = /^arn:([^:]+):lambda:([^:]+):\d+:function:([^:]+)$/;
const ROLE_ARN = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/;

/**
 * A `fetch` that invokes the functions behind the API, with the event that API Gateway makes of the request: where there
 * is no way from the VPC to the API.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function invokeFunctions(functions: JobsFunctions): typeof fetch {
  return async (input, init = {}) => {
    const request = new URL(String(input));
    const method = init.method ?? 'GET';
    const arn = method === 'POST' && /^\/(uploads|jobs)$/.test(request.pathname) ? 'submitArn' : 'statusArn';
    const url = invokeUrl(functions[arn], functions.endpoint);
    const body = JSON.stringify(eventOf(request, method, init, functions.roleArn));
    const headers = { 'content-type': 'application/json' };
    const signed = await functions.authorization({ method: 'POST', url, headers, body });
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...signed },
      body,
      signal: init.signal,
    });
    const failed = response.headers.get('x-amz-function-error');
    if (!response.ok) return new Response(await response.text(), { status: response.status === 429 ? 429 : 502 });
    if (failed !== null) throw new Error(`the function failed: ${(await response.text()).slice(0, 500)}`);
    const answer = (await response.json()) as FunctionAnswer;
    return new Response(answer.body, { status: answer.statusCode, headers: answer.headers });
  };
}

function invokeUrl(arn: string, endpoint: string | undefined): URL {
  const [, partition, region, name] = FUNCTION_ARN.exec(arn)!;
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(
    `/2015-03-31/functions/${encodeURIComponent(name!)}/invocations`,
    endpoint ?? `https://lambda.${region}.${suffix}`,
  );
}

function eventOf(url: URL, method: string, { headers, body }: RequestInit, roleArn: string) {
  const [, collection, jobId, ...rest] = url.pathname.split('/');
  const path = jobId === undefined ? `/${collection}` : ['', collection, '{jobId}', ...rest].join('/');
  const [, partition, account, role] = ROLE_ARN.exec(roleArn)!;
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    headers: Object.fromEntries(new Headers(headers)),
    pathParameters: jobId === undefined ? {} : { jobId: decodeURIComponent(jobId) },
    queryStringParameters: Object.fromEntries(url.searchParams),
    ...(typeof body === 'string' && { body }),
    isBase64Encoded: false,
    requestContext: {
      authorizer: { iam: { userArn: `arn:${partition}:sts::${account}:assumed-role/${role}/app-was` } },
    },
  };
}
