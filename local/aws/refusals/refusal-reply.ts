import { randomUUID } from 'node:crypto';

import type { Reply } from '../patches';
import type { AwsCall } from './models/read-call';
import { escapeXml } from './models/xml';
import type { Refusal } from './refusal';

/** A refusal as the protocol of the request has it. */
export function refusalReply({ protocol, model }: AwsCall, { code, message, status = 400 }: Refusal): Reply {
  const id = randomUUID();
  const error = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  switch (protocol) {
    case 'json':
    case 'rest-json': {
      const contentType = protocol === 'rest-json' ? 'application/json' : 'application/x-amz-json-1.1';
      return reply(status, contentType, JSON.stringify({ __type: code, message, Message: message }), {
        'x-amzn-errortype': code,
        'x-amzn-requestid': id,
        // What a client of a service that spoke the query protocol once looks at first.
        ...(model.name === 'sqs' && { 'x-amzn-query-error': `${code};Sender` }),
      });
    }
    case 'ec2':
      return xml(status, `<Response><Errors><Error>${error}</Error></Errors><RequestID>${id}</RequestID></Response>`);
    case 'query':
    case 'rest-xml':
      if (model.name === 's3') return xml(status, `<Error>${error}<RequestId>${id}</RequestId></Error>`);
      return xml(
        status,
        `<ErrorResponse xmlns="${model.metadata.xmlNamespace ?? ''}"><Error><Type>Sender</Type>${error}</Error>` +
          `<RequestId>${id}</RequestId></ErrorResponse>`,
      );
  }
}

function xml(status: number, body: string): Reply {
  return reply(status, 'text/xml', `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

function reply(status: number, contentType: string, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': contentType, ...headers }, body: Buffer.from(body) };
}
