// Runs the real Terraform on a synthesized stack. Where it is missing, tests are skipped with the reason in their name;
// in CI they fail.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseProviderSource, findProgram, OVERRIDE_WARNING, skipProviderChecksum } from '../../local/toolchain';

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

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
}

/** What `terraform validate` finds in synthesized stacks, by their names; an empty list each where all is well. */
export function validateStacks(stacks: Readonly<Record<string, string>>): Record<string, readonly Diagnostic[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-validate-'));
  try {
    let installed: string | undefined;
    return Object.fromEntries(
      Object.entries(stacks).map(([name, json]) => {
        writeFileSync(path.join(folder, 'cdk.tf.json'), json);
        // The stacks share a folder, and with it the providers that the first one installs.
        const { required_providers: providers } = (JSON.parse(json) as { terraform: Record<string, unknown> })
          .terraform;
        if (installed !== JSON.stringify(providers)) {
          const init = terraform(['init', '-backend=false', '-input=false', '-no-color'], folder);
          if (init.status !== 0) throw new Error(`terraform init of ${name}:\n${init.stderr}${init.stdout}`);
          installed = JSON.stringify(providers);
        }
        return [name, diagnosticsOf(terraform(['validate', '-json'], folder).stdout)];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `terraform validate -json` has to say. */
export function diagnosticsOf(validated: string): readonly Diagnostic[] {
  return (JSON.parse(validated) as { diagnostics: Diagnostic[] }).diagnostics
    .filter(({ summary }) => summary !== OVERRIDE_WARNING)
    .map(({ severity, summary, detail }) => ({ severity, summary, detail }));
}

/** Runs Terraform in a folder. */
export function terraform(
  args: readonly string[],
  folder: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const tools = toolchain();
  if (typeof tools === 'string') throw new Error(`terraform is needed: ${tools}`);
  return spawnSync(tools.binary, args, { cwd: folder, env: tools.environment, encoding: 'utf8' });
}
