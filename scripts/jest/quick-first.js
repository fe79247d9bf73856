// jest runs runners one after the other, in the order in which it first meets them in the sorted list of tests; sorted
// by size or by how long they took, that could be either. Tests with Terraform come last, wherever they run.
const { default: TestSequencer } = require('@jest/test-sequencer');

module.exports = class QuickFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const withTerraform = (test) => test.context.config.displayName?.name === 'terraform';
    return [...sorted.filter((test) => !withTerraform(test)), ...sorted.filter(withTerraform)];
  }
};
