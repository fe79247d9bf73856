// Runs a bundle with V8's code cache beside it: parsing is most of what a short-lived process does.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { replaceFile } from './replace-file.mjs';

/** What a bundle for `runCached` starts and ends with: written into the file, as joining texts of this size costs time at each run. */
export const WRAPPER = ['(function (exports, require, module, __filename, __dirname) {', '\n})'];

/** Runs `file` (absolute, a CommonJS bundle inside WRAPPER, in ASCII) as `require` would, and writes or renews its code cache. */
export function runCached(file) {
  const cacheFile = `${file}.${process.version}.cache`;
  const cachedData = readCache(file, cacheFile);
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected) replaceFile(cacheFile, script.createCachedData());
}

function readCache(file, cacheFile) {
  try {
    return statSync(cacheFile).mtimeMs >= statSync(file).mtimeMs ? readFileSync(cacheFile) : undefined;
  } catch {
    return undefined; // not written yet
  }
}
