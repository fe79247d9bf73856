// `npm run test:runtimes`: the unit tests of what ships, under the Node.js that it ships with. The tests that start a
// built app, endpoint or function start it under that version wherever they run; here it is the code in jest's own
// process. Ends with a count, as `npm test` reads it; with 77 where no such Node.js is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNodeVersions } from '../local/node-versions/install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (file, pattern) => Number(pattern.exec(readFileSync(join(root, file), 'utf8'))?.[1]);
const NODE_IMAGE = /^ARG NODE_IMAGE=\S*\bnode:(\d+)/m;

/** What runs together, and where its version is written down. */
const SHIPPED = [
  {
    version: read('scripts/images/Dockerfile', NODE_IMAGE),
    tests: ['modules/service-runtime', 'app-was', 'app-web', 'modules/core/(config|validation)'],
  },
  { version: read('sagemaker/endpoint/Dockerfile', NODE_IMAGE), tests: ['sagemaker/endpoint'] },
  {
    version: read('sagemaker/pipeline/deploy-endpoint-code.ts', /RUNTIME = 'nodejs(\d+)\.x'/),
    tests: ['sagemaker/deploy-endpoint'],
  },
];
/** These start their own processes, already on the right version. */
const ELSEWHERE = '/(service|image)\\.test\\.ts$';

const started = performance.now();
const { folder, problem } = ensureNodeVersions(root);
if (problem !== undefined && process.env.CI !== 'true') {
  console.log(problem);
  process.exit(77);
}
if (problem !== undefined) console.error(problem);

const total = { passed: 0, failed: 0, skipped: 0 };
const versions = [...new Set(SHIPPED.map(({ version }) => version))];
for (const version of versions) {
  const count = run(
    version,
    SHIPPED.filter((shipped) => shipped.version === version).flatMap(({ tests }) => tests),
  );
  for (const key of Object.keys(total)) total[key] += count[key];
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped in ${seconds}s`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function run(version, tests) {
  const node = process.versions.node.startsWith(`${version}.`)
    ? process.execPath
    : join(folder, 'node_modules', `node${version}-${process.platform}-${process.arch}`, 'bin', 'node');
  const scratch = mkdtempSync(join(tmpdir(), 'strata-test-runtimes-'));
  const report = join(scratch, 'jest.json');
  const bin = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const patterns = tests.map((test) => `__tests__/${test}/`);
  console.log(`Node.js ${version}: ${tests.join(', ')}`);
  try {
    const { status, error } = spawnSync(
      node,
      [bin, ...patterns, '--json', `--outputFile=${report}`, `--testPathIgnorePatterns=${ELSEWHERE}`],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (!existsSync(report)) {
      console.error(`jest under Node.js ${version} wrote no report: ${error?.message ?? `it ended with ${status}`}`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: status !== 0 && failed === 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
