import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file in one step: a synth that runs at the same time sees the old one or the new one, never half of it. */
export function replaceFile(path, contents) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
