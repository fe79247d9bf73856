// Holds the form of every file in .changeset: known packages, a stated resource impact, and a bump that fits it.
// Usage: node scripts/changesets/check.mjs [root]
import { resolve } from 'node:path';
import { privatePackages, workspaces } from '../workspaces.mjs';
import intents from './intents.js';

const root = resolve(process.argv[2] ?? '.');
const published = workspaces(root).map(({ manifest }) => manifest);
const versions = new Map([...published, ...privatePackages(root)].map(({ name, version }) => [name, version]));
const makesResources = (name) => published.some((manifest) => manifest.name === name);

function problemsOf({ releases, impact, summary, error }) {
  if (error !== undefined) return [error];
  const problems = [];
  for (const { name, type } of releases) {
    const version = versions.get(name);
    if (version === undefined)
      problems.push(`"${name}" is not a package of this repository; use one of ${[...versions.keys()].join(', ')}`);
    else if (impact === 'replaced' && !breaking(version, type)) {
      problems.push(
        `"${name}": a change that replaces resources is no ${type} of ${version}; use ` +
          `${version.startsWith('0.') ? 'minor' : 'major'}`,
      );
    }
  }
  // An app makes no resources, and a changeset without packages says on purpose that nothing is released.
  if (impact === undefined && releases.some(({ name }) => makesResources(name))) {
    problems.push(
      `states no resource impact; end it with "Resource impact: ${intents.IMPACTS.join('", "Resource impact: ')}"`,
    );
  }
  if (releases.length > 0 && summary.replace(/^\s*resource impact:.*$/im, '').trim() === '')
    problems.push('says nothing about the change; add a sentence for its users');
  return problems;
}

/** Whether a bump warns everyone who depends on a caret range: a major one, before 1.0.0 also a minor one. */
function breaking(version, type) {
  return type === 'major' || (type === 'minor' && version.startsWith('0.'));
}

const all = intents.readIntents(root);
const problems = all.flatMap((intent) => problemsOf(intent).map((problem) => `${intent.file}: ${problem}`));
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? `${all.length} changesets, each states its resource impact.` : `${problems.length} problems.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
