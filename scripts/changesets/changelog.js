// How `changeset version` writes a CHANGELOG. Every section says what the version does to deployed resources, also one
// that was made only because a package below it moved: it has the impact of whatever moved there.
const { resolve } = require('node:path');
const { readIntents, worstImpact } = require('./intents');

async function getReleaseLine({ summary }) {
  const [first, ...rest] = summary
    .trim()
    .split('\n')
    .map((line) => line.trimEnd());
  return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

async function getDependencyReleaseLine(_changesets, updated) {
  if (updated.length === 0) return '';
  const moved = updated.map(({ name }) => name);
  const impact = worstImpact(await impactsBelow(process.cwd(), moved));
  return [
    `- Updated dependencies: ${updated.map(({ name, newVersion }) => `${name}@${newVersion}`).join(', ')}`,
    '',
    `  Resource impact: ${impact}`,
  ].join('\n');
}

/** Impacts of all changes to these packages and to those that they depend on. */
async function impactsBelow(root, names) {
  const { workspaces } = await import('../workspaces.mjs');
  const byName = new Map(workspaces(resolve(root)).map(({ manifest }) => [manifest.name, manifest]));
  const below = new Set();
  const visit = (name) => {
    if (below.has(name) || !byName.has(name)) return;
    below.add(name);
    Object.keys(byName.get(name).dependencies ?? {}).forEach(visit);
  };
  names.forEach(visit);
  return readIntents(root)
    .filter(({ releases }) => releases.some(({ name }) => below.has(name)))
    .map(({ impact }) => impact ?? 'none');
}

module.exports = { getReleaseLine, getDependencyReleaseLine };
