import { readFileSync, writeFileSync } from 'node:fs';

const START = '<!-- bench:synth, written by the command below -->';
const END = '<!-- /bench:synth -->';

/**
 * Replaces what stands between the markers of `file`.
 * @throws Error when a marker is missing
 */
export function writeBetweenMarkers(file: string, text: string): void {
  const before = readFileSync(file, 'utf8');
  const [start, end] = [before.indexOf(START), before.indexOf(END)];
  if (start < 0 || end < start)
    throw new Error(`${file} has no markers "${START}" and "${END}"; add them where the results belong`);
  writeFileSync(file, `${before.slice(0, start + START.length)}\n\n${text}\n\n${before.slice(end)}`);
}
