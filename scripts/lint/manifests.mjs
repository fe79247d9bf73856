// Checks what a package's folder must say about it: name, licence, entries, files, peers, ranges of contracts, README,
// CHANGELOG with resource impact. What is not a rule of ours (ranges of internal packages, sorted dependencies, one range
// for each external package) is checked by `manypkg check`; package.json names the two of its rules that our peers and
// cdktf.json's app break.
// Usage: node scripts/lint/manifests.mjs [root]
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import semver from 'semver';
import { contractReads, layerOfContract } from '../contract-ranges.mjs';
import { workspaces } from '../workspaces.mjs';

const peersOnly = /^(cdktf|constructs)$|^@cdktf\//;
// Licences that an installation must not bring into another project.
const copyleft = new Map(['simulate', 'policy', 'utils'].map((name) => [`@cloud-copilot/iam-${name}`, 'AGPL-3.0']));
const published = ['lib', 'README.md', 'CHANGELOG.md'];
// A layer's contract as data, for tools that compare or check it without its code.
const contractFile = 'contract.json';

/** Everything wrong with the packages below `root`, one line each. */
export function manifestProblems(root) {
  const all = workspaces(root);
  const internal = new Map(all.map((workspace) => [workspace.expectedName, workspace]));
  return all.flatMap((workspace) => problemsOf(workspace, internal).map((problem) => `${workspace.path}/${problem}`));
}

function problemsOf({ folder, kind, expectedName, manifest }, internal) {
  const problems = [];
  const wrong = (key, message) => problems.push(`package.json: ${key}: ${message}`);

  if (manifest.name !== expectedName)
    wrong('name', `"${manifest.name}" does not follow from the folder; use "${expectedName}"`);
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(manifest.version ?? ''))
    wrong('version', `"${manifest.version}" is not a version; use x.y.z`);
  if (manifest.license !== 'Apache-2.0')
    wrong('license', `"${manifest.license}" is not the repository's; use "Apache-2.0"`);
  if (!manifest.description) wrong('description', 'is missing; say in one line what the package gives');
  if (!manifest.engines?.node) wrong('engines', 'is missing; use { "node": ">=20.9" }');

  for (const [section, allowed] of [
    ['dependencies', false],
    ['devDependencies', false],
    ['optionalDependencies', false],
    ['peerDependencies', true],
  ]) {
    for (const name of Object.keys(manifest[section] ?? {})) {
      if (copyleft.has(name))
        wrong(
          section,
          `"${name}" is ${copyleft.get(name)}, for tests and local runs alone; keep it in the root's devDependencies`,
        );
      if (peersOnly.test(name) && !allowed)
        wrong(
          section,
          `"${name}" must be the one copy of the project that installs this package; move it to peerDependencies`,
        );
      const neighbour = internal.get(name);
      if (neighbour === undefined) {
        if (name.startsWith('@strata/')) wrong(section, `"${name}" is not a package of this repository`);
        continue;
      }
      if (section === 'peerDependencies')
        wrong(section, `"${name}" is a package of this repository; move it to dependencies`);
      if (kind === 'module' && neighbour.kind !== 'module')
        wrong(
          section,
          `a module depends on no ${neighbour.kind === 'stack' ? 'stack' : "layer's contract"} ("${name}"); ` +
            'take the value as a prop',
        );
      if (kind === 'stack' && neighbour.kind === 'stack')
        wrong(section, `a stack depends on no other stack ("${name}"); depend on its contract`);
      if (kind === 'contract' && name !== '@strata/contract')
        wrong(section, `a contract depends on @strata/contract alone ("${name}")`);
    }
  }

  for (const [entry, target] of [
    ['.', { types: './lib/index.d.ts', default: './lib/index.js' }],
    ['./package.json', './package.json'],
  ]) {
    if (JSON.stringify(manifest.exports?.[entry]) !== JSON.stringify(target))
      wrong('exports', `"${entry}" must be ${JSON.stringify(target)}`);
  }
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    const source = typeof target === 'object' && /^\.\/lib\/(.+)\.js$/.exec(target.default ?? '');
    if (source && !existsSync(join(folder, `${source[1]}.ts`)))
      wrong('exports', `"${entry}" needs ${source[1]}.ts, which is not there`);
    if (source && target.types !== `./lib/${source[1]}.d.ts`)
      wrong('exports', `"${entry}" must name its types first: "./lib/${source[1]}.d.ts"`);
  }
  if (kind === 'stack') problems.push(...rangeProblems(folder, manifest));
  if (kind === 'stack' && existsSync(join(folder, 'config.ts')) && manifest.exports?.['./config'] === undefined) {
    wrong(
      'exports',
      '"./config" is missing, so that a configuration cannot be checked without the stack; use { "types": ' +
        '"./lib/config.d.ts", "default": "./lib/config.js" }',
    );
  }
  const hasContract = kind === 'contract';
  const files = hasContract ? ['lib', contractFile, ...published.slice(1)] : published;
  if (JSON.stringify(manifest.files) !== JSON.stringify(files)) wrong('files', `must be ${JSON.stringify(files)}`);
  if (hasContract && manifest.exports?.[`./${contractFile}`] !== `./${contractFile}`)
    wrong('exports', `"./${contractFile}" must be "./${contractFile}"`);
  if (hasContract && !existsSync(join(folder, contractFile)))
    problems.push(`${contractFile}: is missing; run "npm run contracts -- write"`);

  if (!existsSync(join(folder, 'README.md')))
    problems.push('README.md: is missing; say what the package gives, with one example');
  const changelog = join(folder, 'CHANGELOG.md');
  if (!existsSync(changelog)) problems.push('CHANGELOG.md: is missing; start it with the current version');
  else problems.push(...changelogProblems(readFileSync(changelog, 'utf8'), manifest.version));
  return problems;
}

/** What a stack's sources read must be in its manifest, in the same range: npm's range is the contract's range. */
function rangeProblems(folder, { dependencies = {} }) {
  const problems = contractReads(folder).flatMap(({ file, contract, range }) => {
    const installed = dependencies[contract];
    const layer = layerOfContract(contract);
    if (range === undefined)
      return [`${file}: the range of contract "${layer}" is no literal; write it where it is read`];
    if (!semver.validRange(range)) return [`${file}: "${range}" is not a range; use one such as "^1.0"`];
    if (installed === undefined)
      return [
        `package.json: dependencies: "${contract}" is missing, which ${file} reads; add it with "${npmRange(range)}"`,
      ];
    if (semver.validRange(range) === semver.validRange(installed)) return [];
    return [
      `package.json: dependencies: "${contract}": "${installed}" is not the range that ${file} reads it in, ` +
        `"${range}"; use "${npmRange(range)}", or change the code`,
    ];
  });
  return [...new Set(problems)];
}

/** `^1.0` as it stands in a package.json: `^1.0.0`. */
const npmRange = (range) => range.replaceAll(/(?<![\d.])(\d+)\.(\d+)(?![\d.])/g, '$1.$2.0');

function changelogProblems(text, version) {
  const sections = text.split(/^## /m).slice(1);
  const current = sections.find((section) => section.split(/\s/, 1)[0] === version);
  if (current === undefined) return [`CHANGELOG.md: has no section "## ${version}", the version in package.json`];
  // The oldest section tells what the package makes in the first place; every later one what it does to what was made.
  return sections
    .filter(
      (section, i) =>
        !(i === sections.length - 1 ? /resource impact:/i : /resource impact:\W*(none|in place|replaced)\b/i).test(
          section,
        ),
    )
    .map(
      (section) =>
        `CHANGELOG.md: ${section.split('\n', 1)[0].trim()} states no resource impact; add "Resource impact: ` +
        'none", "in place" or "replaced"',
    );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = resolve(process.argv[2] ?? '.');
  const problems = manifestProblems(root);
  for (const problem of problems) console.error(problem);
  console.log(
    problems.length === 0
      ? `${workspaces(root).length} packages describe themselves correctly.`
      : `${problems.length} problems.`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
