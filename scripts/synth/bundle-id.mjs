// What is in a bundle, told by its first bytes. Two concurrent synths may replace bundle, stamp and code cache in any
// order: each names the bundle it belongs to.
import { closeSync, openSync, readSync } from 'node:fs';

/** Stands where the id of a bundle will be: the first comment of the file. */
export const NO_ID = '0'.repeat(16);
const AT = '/*'.length;

/** Writes the id of a bundle, which is a hash of it, over NO_ID. */
export async function stampId(contents) {
  const { createHash } = await import('node:crypto'); // not loaded where there is nothing to bundle
  const id = createHash('sha256').update(contents).digest('hex').slice(0, NO_ID.length);
  const stamped = Buffer.from(contents);
  stamped.write(id, AT, 'latin1');
  return { id, stamped };
}

/** The id in a bundle's text. */
export function idOfText(text) {
  return text.slice(AT, AT + NO_ID.length);
}

/** The id in a bundle's file. */
export function idOfFile(file) {
  const start = Buffer.alloc(AT + NO_ID.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return idOfText(start.toString('latin1'));
}
