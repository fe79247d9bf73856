import { Failure } from '../answer';
import { csvLine } from './csv-line';
import type { Row } from './job';

const COLUMNS = ['line', 'comment', 'label', 'score', 'error'] as const;

/** The rows at an address, one JSON value a line, as CSV; never as one text in memory. */
export async function csvOf(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal, cache: 'no-store' });
  if (!response.ok || response.body === null) throw new Failure('upload_refused');
  // With its mark, spreadsheets read it as UTF-8.
  const parts: Blob[] = [new Blob(['\uFEFF', csvLine([...COLUMNS])])];
  let rest = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    const lines = `${rest}${done ? '\n' : value}`.split('\n');
    rest = lines.pop()!;
    const rows = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
    parts.push(new Blob(rows.map((row) => csvLine(COLUMNS.map((column) => row[column] ?? null)))));
    if (done) return new Blob(parts, { type: 'text/csv;charset=utf-8' });
  }
}

/** Hands a file to the person, as a click on a link to it would. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read by the time this task ends; a short while is for those that begin late.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
