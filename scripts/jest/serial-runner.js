// Runs test files one after the other. Terraform and the provider take a core and half a gigabyte each, and share a plugin cache.
const { default: TestRunner } = require('jest-runner');

module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
