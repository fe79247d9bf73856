import type { Claim } from './claim';

const NEWLINE = 10;
const BACKSLASH = /\\/g;

/**
 * Lines of JSON as lines of COPY's text format. JSON has no raw tab, newline or carriage return in a text, so the
 * backslash alone is escaped. Source: https://www.postgresql.org/docs/current/sql-copy.html, Text Format
 */
export async function* copyLines(
  chunks: AsyncIterable<Buffer>,
  { month, jobId, attempt }: Pick<Claim, 'month' | 'jobId' | 'attempt'>,
): AsyncGenerator<Buffer> {
  const keys = `${month}\t${jobId.replaceAll(BACKSLASH, '\\\\')}\t${attempt}\t`;
  let rowNo = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = text.lastIndexOf(NEWLINE);
    rest = text.subarray(end + 1);
    if (end === -1) continue;
    let lines = '';
    for (const line of text.toString('utf8', 0, end).split('\n'))
      lines += `${keys}${++rowNo}\t${line.includes('\\') ? line.replaceAll(BACKSLASH, '\\\\') : line}\n`;
    yield Buffer.from(lines, 'utf8');
  }
}
