// One transform, no type check: `npm run typecheck` holds the types, jest holds the behaviour.
const shared = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/scripts/jest/without-token-traces.js'],
  roots: ['<rootDir>/__tests__'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // npm's own copies of the sources (`npm run build`) are neither tests nor modules of this project.
  modulePathIgnorePatterns: ['<rootDir>/\\.build/', '<rootDir>/\\.strata/', '<rootDir>/cdktf\\.out/'],
  // Sources, never what a build has left in lib/.
  moduleNameMapper: {
    '^@strata/([^/]+)-contract/package\\.json$': '<rootDir>/stacks/$1/contract/package.json',
    '^@strata/([^/]+)-contract$': '<rootDir>/stacks/$1/contract/index.ts',
    '^@strata/stack-(.+)$': ['<rootDir>/stacks/$1/index.ts', '<rootDir>/stacks/$1.ts', '<rootDir>/stacks/$1'],
    '^@strata/sagemaker-pipeline$': '<rootDir>/sagemaker/pipeline/index.ts',
    '^@strata/sagemaker-pipeline/(.+)$': ['<rootDir>/sagemaker/pipeline/$1.ts', '<rootDir>/sagemaker/pipeline/$1'],
    '^@strata/(.+)$': ['<rootDir>/modules/$1/index.ts', '<rootDir>/modules/$1.ts', '<rootDir>/modules/$1'],
  },
};

// Tests that run Terraform, the emulator or a deploy: after all others.
const terraform = ['**/*.terraform.test.ts', '**/e2e/**/*.test.ts'];

/** @type {import('jest').Config} */
module.exports = {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['**/*.test.ts', ...terraform.map((pattern) => `!${pattern}`)] },
    { ...shared, displayName: 'terraform', testMatch: terraform, runner: './scripts/jest/terraform-runner.js' },
  ],
  globalSetup: './scripts/jest/node-versions.js',
  testSequencer: './scripts/jest/quick-first.js',
  // A test that hangs ends; one on a machine shared with others does not fail for being slow.
  testTimeout: 30_000,
  // Both cores of a small machine; a worker that grew past this is replaced between two files.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
};
