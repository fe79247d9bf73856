// Holds that package-lock.json is whole: `npm ci` refuses one that lacks a platform's binary, and npm writes such a
// file without a word when the registry did not have that binary yet.
// Usage: node scripts/lint/lock-file.mjs [root]
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const { packages } = JSON.parse(readFileSync(join(resolve(process.argv[2] ?? '.'), 'package-lock.json'), 'utf8'));
const locked = new Set(
  Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
);

const problems = Object.entries(packages).flatMap(([path, { version, optionalDependencies = {} }]) => {
  const missing = Object.keys(optionalDependencies).filter((name) => !locked.has(name));
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return missing.length === 0
    ? []
    : [
        `package-lock.json: ${name}@${version} lacks ${missing.length} of its optional packages, such as ` +
          `${missing[0]}; use a version of ${name} that has them all in the registry, and pin it`,
      ];
});
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'package-lock.json is whole.' : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
