import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { HttpError } from '@strata/service-runtime';
import { pipeline, Transform, type Readable } from 'node:stream';

/**
 * Limits the size of responses: a response whose Content-Length is too large is refused before it is read, any other
 * as soon as it exceeds the limit.
 */
export function boundResponses(handler: NodeHttpHandler, maxBytes: number): NodeHttpHandler {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const { response } = await handle(request, options);
    const body = response.body as Readable;
    const announced = response.headers['content-length'];
    if (announced === undefined) response.body = bounded(body, maxBytes);
    else if (!(Number(announced) <= maxBytes)) {
      body.destroy();
      throw tooLong();
    }
    return { response };
  };
  return handler;
}

function bounded(body: Readable, maxBytes: number): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLong());
      else done(null, chunk);
    },
  });
  // The reader of `limit` gets every error from `limit` itself.
  return pipeline(body, limit, () => undefined);
}

function tooLong(): HttpError {
  return new HttpError(502, 'model_answer_invalid', 'the model gave an answer that cannot be understood', {
    cause: new Error('the answer is too long'),
  });
}
