// One transform, no type check: `npm run typecheck` holds the types, jest holds the behaviour.
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  moduleNameMapper: {
    '^@strata/stack-([^/]+)/package\\.json$': '<rootDir>/stacks/$1/package.json',
    '^@strata/stack-([^/]+)/([^/]+)$': '<rootDir>/stacks/$1/$2.ts',
    '^@strata/stack-([^/]+)$': '<rootDir>/stacks/$1/index.ts',
    '^@strata/([^/]+)/package\\.json$': '<rootDir>/modules/$1/package.json',
    '^@strata/(?!stack-)([^/]+)/([^/]+)$': '<rootDir>/modules/$1/$2.ts',
    '^@strata/([^/]+)$': '<rootDir>/modules/$1/index.ts',
  },
};
