import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What tells a spreadsheet that a file is UTF-8. */
const MARK = '\ufeff';
const WRITE_CHARACTERS = 64 * 1024;

/**
 * What a spreadsheet takes for a formula, and so could run: a text of somebody else that begins so, behind blanks or
 * not, also in full width.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;
const NEEDS_QUOTES = /[",;\t\r\n]/;

/** A value as a cell. Numbers stay numbers; an apostrophe makes a text of what would be a formula. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Writes rows as CSV (RFC 4180, UTF-8 with a mark), without holding them in memory.
 *
 * @param rowsFile one JSON object per line
 * @param columns names of the columns; what else a row has is left out
 */
export async function writeCsv(rowsFile: string, columns: readonly string[], path: string): Promise<void> {
  const out = createWriteStream(path);
  const failed = new Promise<never>((_, reject) => out.once('error', reject));
  failed.catch(() => undefined);
  const write = async (text: string): Promise<void> => {
    if (!out.write(text)) await Promise.race([once(out, 'drain'), failed]);
  };
  let text = `${MARK}${columns.map(csvCell).join(',')}\r\n`;
  for await (const line of createInterface({ input: createReadStream(rowsFile) })) {
    const row = JSON.parse(line) as Record<string, unknown>;
    text += `${columns.map((column) => csvCell(row[column])).join(',')}\r\n`;
    if (text.length < WRITE_CHARACTERS) continue;
    await write(text);
    text = '';
  }
  await write(text);
  out.end();
  await Promise.race([once(out, 'close'), failed]);
}
