import type { AwsCall, Input } from './models/read-call';
import type { ServiceModels } from './models/service-models';
import { readReply, writeCall } from './models/write-call';

/** Asks the emulator what it has, in the account and region of a call. Undefined where it says that there is none. */
export type AskAws = (service: string, operation: string, input?: Input) => Promise<Reading | undefined>;

/** A reply, read by hand: rules know what they asked for. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Reading = Record<string, any>;

/** Header that the shim passes on without looking for refusals. */
export const INSIDE_HEADER = 'x-strata-inside';

/**
 * @param endpoint address of the shim, so that what patches remember is seen
 * @param token what the header says; known to this process alone
 */
export function askAws(models: ServiceModels, endpoint: string, token: string, call: Caller): AskAws {
  return async (service, operation, input = {}) => {
    const model = models.named(service);
    if (model === undefined) throw new Error(`there is no model of '${service}'`);
    const { method, path, headers, body } = writeCall(model, operation, input);
    const scope = `${call.accessKey}/20260101/${call.region}/${SIGNING_NAMES[service] ?? service}/aws4_request`;
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers: {
        ...headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        [INSIDE_HEADER]: token,
        ...(call.sessionToken !== undefined && { 'x-amz-security-token': call.sessionToken }),
      },
      body,
    });
    const text = Buffer.from(await response.arrayBuffer());
    return response.ok ? readReply(model, operation, text) : undefined;
  };
}

/** In whose account, and where, is asked. */
export interface Caller {
  readonly accessKey: string;
  readonly region: string;
  readonly sessionToken?: string;
}

export function callerOf({ accessKey, region, request }: AwsCall): Caller {
  const token = request.headers['x-amz-security-token'];
  return { accessKey, region, ...(typeof token === 'string' && { sessionToken: token }) };
}

const SIGNING_NAMES: Readonly<Record<string, string>> = {
  apigatewayv2: 'apigateway',
  cloudwatch: 'monitoring',
  elbv2: 'elasticloadbalancing',
  resourcegroupstaggingapi: 'tagging',
};
