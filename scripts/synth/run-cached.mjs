// Runs a bundle with V8's code cache beside it: parsing is most of what a short-lived process does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { idOfText, NO_ID } from './bundle-id.mjs';
import { replaceFile } from './replace-file.mjs';

/**
 * What a bundle for `runCached` starts and ends with: written into the file, as joining texts of this size costs time
 * at each run.
 */
export const WRAPPER = [`/*${NO_ID}*/(function (exports, require, module, __filename, __dirname) {`, '\n})'];

/** What one starts and ends with that has a source map: Node applies those to modules only. */
export const MODULE = [`/*${NO_ID}*/`, ''];

/**
 * Runs `file` (absolute, a CommonJS bundle in ASCII). One inside WRAPPER runs as `require` would run it, and its code
 * cache is written or renewed.
 */
export function runCached(file) {
  const source = readFileSync(file, 'latin1');
  if (!source.startsWith(WRAPPER[0].slice(MODULE[0].length), MODULE[0].length)) {
    createRequire(file)(file);
    return;
  }
  // V8 takes no cache that was made under other flags, and the CDKTF CLI sets one: each keeps its own.
  const cacheFile = `${file}.${cachedDataVersionTag()}.cache`;
  const id = idOfText(source);
  const cachedData = readCache(cacheFile, id);
  const script = new Script(source, { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected)
    replaceFile(cacheFile, Buffer.concat([Buffer.from(id), script.createCachedData()]));
}

// V8 knows a cache's source by its length only: it would run the code of another bundle that is as long.
function readCache(cacheFile, id) {
  try {
    const content = readFileSync(cacheFile);
    return content.toString('latin1', 0, id.length) === id ? content.subarray(id.length) : undefined;
  } catch {
    return undefined; // not written yet
  }
}
