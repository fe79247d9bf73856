import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deployEndpointCode, DEPLOY_ENDPOINT_HANDLER, DEPLOY_ENDPOINT_RUNTIME } from '@strata/sagemaker-pipeline';

const root = resolve(__dirname, '../../..');
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

it('is one file with the handler in it, which needs no node_modules', () => {
  const folder = deployEndpointCode();
  expect(readdirSync(folder)).toEqual(['index.js']);
  const [file, name] = DEPLOY_ENDPOINT_HANDLER.split('.');
  const empty = mkdtempSync(join(tmpdir(), 'strata-function-'));
  try {
    const script = `require(${JSON.stringify(join(folder, `${file}.js`))}).${name}({}).catch((error) => process.stdout.write(\`#\${error.name}: \${error.message}\`))`;
    const printed = execFileSync(process.execPath, ['-e', script], {
      cwd: empty,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ENDPOINT_NAME: 'flowers' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(printed.split('#')[1]).toBe(
      "DeployError: the function's environment is wrong: EXECUTION_ROLE_ARN is missing; ENDPOINT_CONFIG is missing",
    );
  } finally {
    rmSync(empty, { recursive: true });
  }
  expect(DEPLOY_ENDPOINT_RUNTIME).toBe('nodejs22.x');
});

it('has the same bytes whenever and wherever it is bundled, so that a plan stays empty', () => {
  const other = mkdtempSync(join(tmpdir(), 'strata-function-'));
  try {
    const program = `import { buildFunctions } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/functions/build.mjs')).href)};
      await buildFunctions({ root: ${JSON.stringify(root)}, folder: ${JSON.stringify(other)} });`;
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: tmpdir() });
    expect(sha256(join(other, 'deploy-endpoint/index.js'))).toBe(sha256(join(deployEndpointCode(), 'index.js')));
  } finally {
    rmSync(other, { recursive: true });
  }
});
