// Before the tests: the Node.js versions that they run what ships on. Without them the tests take the Node.js that runs
// jest, and say so; with CI=true that is a failure.
const { join } = require('node:path');

module.exports = async () => {
  const { ensureNodeVersions } = await import('../../local/node-versions/install.mjs');
  const { folder, problem } = ensureNodeVersions(join(__dirname, '../..'));
  process.env.STRATA_NODE_VERSIONS = folder;
  if (problem === undefined) return;
  if (process.env.CI === 'true') throw new Error(problem);
  process.stderr.write(`What ships is tried on Node.js ${process.versions.node} alone: ${problem}\n`);
};
