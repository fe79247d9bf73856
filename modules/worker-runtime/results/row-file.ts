import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A table wider than this is none: the rest of a row is in the rows alone. */
const MAX_COLUMNS = 500;

/** Collects rows in a file, one JSON object per line, without holding them in memory. */
export class RowFile {
  rows = 0;
  /** The names that rows have, as they come. */
  readonly columns = new Set<string>();
  private readonly hash = createHash('sha256');
  private readonly stream;
  private failure: Error | undefined;

  constructor(readonly path: string) {
    this.stream = createWriteStream(path);
    this.stream.on('error', (error) => (this.failure = error));
  }

  /** Resolves when the disk has kept up. */
  async add(rows: readonly Record<string, unknown>[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (rows.length === 0) return;
    for (const row of rows)
      for (const name of Object.keys(row)) if (this.columns.size < MAX_COLUMNS) this.columns.add(name);
    const text = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
    this.hash.update(text);
    this.rows += rows.length;
    if (!this.stream.write(text)) await once(this.stream, 'drain');
  }

  /** Ends the file. Returns its SHA-256 in hexadecimal. */
  async close(): Promise<string> {
    this.stream.end();
    if (!this.stream.closed) await once(this.stream, 'close');
    if (this.failure !== undefined) throw this.failure;
    return this.hash.digest('hex');
  }
}
