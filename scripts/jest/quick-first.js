// jest runs runners one after the other, in the order in which it first meets them in the sorted list of tests; sorted
// by size or by how long they took, that could be either. Tests with Terraform come last, wherever they run, and the
// journeys first among them, the longest before all: one that began last would run alone.
const { default: TestSequencer } = require('@jest/test-sequencer');

const LONGEST = ['ci-cd', 'local-state', 'jobs-layer', 'ml', 's3-state', 'npm-start', 'local-pipeline', 'new-user'];

/** The lower, the earlier. */
function place({ path }) {
  if (!path.includes('/e2e/')) return LONGEST.length;
  const found = LONGEST.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return found === -1 ? LONGEST.length : found;
}

module.exports = class QuickFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const withTerraform = (test) => test.context.config.displayName?.name === 'terraform';
    const journeys = sorted.filter(withTerraform).sort((one, other) => place(one) - place(other));
    return [...sorted.filter((test) => !withTerraform(test)), ...journeys];
  }
};
