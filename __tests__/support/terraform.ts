// Runs the real Terraform on a synthesized stack. Where it is missing, tests are skipped with the reason in their name;
// in CI they fail.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseProviderSource, findProgram, rareCollections, skipProviderChecksum } from '../../local/toolchain';

const REGISTRY = 'https://registry.terraform.io/.well-known/terraform.json';
const TEST_TIMEOUT_MILLISECONDS = 180_000;

/** What is needed to run Terraform. */
export interface Toolchain {
  readonly binary: string;
  readonly environment: NodeJS.ProcessEnv;
}

let found: Toolchain | string | undefined;

/** Terraform with a way to get the AWS provider, or what is missing. Looked for once a test file. */
export function toolchain(): Toolchain | string {
  found ??= lookUp();
  return found;
}

function lookUp(): Toolchain | string {
  const name = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  const binary = findProgram(name);
  if (binary === undefined) return `no ${name} on PATH`;
  const generatedPath = path.join(mkdtempSync(path.join(tmpdir(), 'strata-terraform-')), 'terraform.rc');
  process.once('exit', () => rmSync(path.dirname(generatedPath), { recursive: true, force: true }));
  const source = chooseProviderSource({ generatedPath });
  if (source.kind === 'registry' && !answers(REGISTRY))
    return 'no provider mirror, and the Terraform registry does not answer';
  skipProviderChecksum(source.setConfigFile);
  const environment = {
    ...process.env,
    ...rareCollections(),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    ...(source.setConfigFile !== undefined && { TF_CLI_CONFIG_FILE: source.setConfigFile }),
  };
  return { binary, environment };
}

function answers(url: string): boolean {
  const script = `fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(8000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return spawnSync(process.execPath, ['-e', script]).status === 0;
}

const missing = typeof toolchain() === 'string' ? (toolchain() as string) : undefined;
const { skip } = test;
const define: jest.It = test;

/**
 * `test`, for what needs Terraform. Skipped with the reason where it is missing; in CI it runs, and fails with the
 * reason.
 */
export const terraformTest: (name: string, run: jest.ProvidesCallback, timeoutMilliseconds?: number) => void =
  missing === undefined || process.env.CI === 'true'
    ? (name, run, timeoutMilliseconds = TEST_TIMEOUT_MILLISECONDS) => define(name, run, timeoutMilliseconds)
    : (name, run) => skip(`${name} (skipped: ${missing})`, run);

/** Runs Terraform in a folder. */
export function terraform(
  args: readonly string[],
  folder: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const tools = toolchain();
  if (typeof tools === 'string') throw new Error(`terraform is needed: ${tools}`);
  return spawnSync(tools.binary, args, { cwd: folder, env: tools.environment, encoding: 'utf8' });
}
