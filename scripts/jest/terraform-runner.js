// Tests that run Terraform have their own runner: jest runs those of one runner after those of the other
// (`quick-first.js` says which is first), so that a deploy does not share its core with two files of quick tests. Each
// of them has its own emulator, project and state. A third of a deploy is the provider waiting, and most of one with a
// database; hence two more at once than there are cores.
const { default: TestRunner } = require('jest-runner');

module.exports = class TerraformRunner extends TestRunner {
  constructor(globalConfig, context) {
    const alone = globalConfig.maxWorkers === 1;
    super(alone ? globalConfig : { ...globalConfig, maxWorkers: globalConfig.maxWorkers + 2 }, context);
  }
};
