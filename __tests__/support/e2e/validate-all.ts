import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { diagnosticsOf, toolchain, type Diagnostic } from '../terraform';
import { runCommand, type CommandResult } from './command';

/**
 * What `terraform validate` finds in many synthesized stacks with the same providers, which are installed once a core.
 */
export async function validateAll(
  stacks: Readonly<Record<string, string>>,
): Promise<Record<string, readonly Diagnostic[]>> {
  const waiting = Object.entries(stacks);
  const found: Record<string, readonly Diagnostic[]> = {};
  await Promise.all(
    Array.from({ length: Math.min(cpus().length, 4) }, async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'strata-e2e-validate-'));
      try {
        let installed = false;
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [name, json] = next;
          writeFileSync(path.join(folder, 'cdk.tf.json'), json);
          if (!installed) {
            const { status, output } = await terraform(['init', '-backend=false', '-input=false', '-no-color'], folder);
            if (status !== 0) throw new Error(`terraform init of ${name}:\n${output}`);
            installed = true;
          }
          found[name] = diagnosticsOf((await terraform(['validate', '-json'], folder)).output);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
  );
  return found;
}

function terraform(args: readonly string[], cwd: string): Promise<CommandResult> {
  const tools = toolchain();
  if (typeof tools === 'string') throw new Error(`terraform is needed: ${tools}`);
  return runCommand(tools.binary, args, { cwd, environment: tools.environment });
}
