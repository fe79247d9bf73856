// Runs a CommonJS file with V8's code cache beside it: parsing is most of what a short-lived process does.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** Runs `file` (absolute) as `require` would, and writes or renews its code cache. */
export function runCached(file) {
  const cacheFile = `${file}.${process.version}.cache`;
  const cachedData = readCache(file, cacheFile);
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected) writeFileSync(cacheFile, script.createCachedData());
}

function readCache(file, cacheFile) {
  try {
    return statSync(cacheFile).mtimeMs >= statSync(file).mtimeMs ? readFileSync(cacheFile) : undefined;
  } catch {
    return undefined; // not written yet
  }
}
