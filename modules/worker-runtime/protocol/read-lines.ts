import type { Readable } from 'node:stream';

import { MAX_LINE_BYTES } from './messages';
import { ProtocolError } from './protocol-error';

const NEWLINE = 10;

/**
 * The lines of a stream, one at a time: nothing more is read while the caller works on one, so that a pipe fills and
 * its writer waits.
 *
 * @throws ProtocolError when a line is longer than `MAX_LINE_BYTES`, or the stream ends inside one
 */
export async function* readLines(stream: Readable): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      const part = chunk.subarray(from, end === -1 ? undefined : end);
      length += part.length;
      if (length > MAX_LINE_BYTES)
        throw new ProtocolError(
          `a line is longer than ${MAX_LINE_BYTES} bytes; send rows in smaller lists, or use a file`,
        );
      parts.push(part);
      if (end === -1) break;
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
      from = end + 1;
    }
  }
  if (length > 0) throw new ProtocolError('the program ended within a line; end each message with a newline');
}
