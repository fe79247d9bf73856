import { join } from 'node:path';
import { UserError } from '../toolchain';
import type { PlanJson } from './plan';
import { runProgram, type ProgramResult } from './run-program';

/** Something that Terraform reports, as `-json` prints it. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

export interface Plan {
  readonly json: PlanJson;
  readonly errors: readonly Diagnostic[];
}

/** Terraform in one folder. */
export class TerraformFolder {
  constructor(
    private readonly binary: string,
    private readonly folder: string,
  ) {}

  /** @throws UserError with what Terraform said */
  async init(): Promise<void> {
    const { status, stdout, stderr } = await this.run(['init', '-input=false', '-no-color']);
    if (status !== 0) throw new UserError(`terraform init in ${this.folder} failed:\n${stderr}${stdout}`);
  }

  /** Takes a lock away. @throws UserError with what Terraform said, such as that the lock has another id */
  async forceUnlock(id: string): Promise<void> {
    const { status, stdout, stderr } = await this.run(['force-unlock', '-force', id]);
    if (status !== 0) throw new UserError(`the lock ${id} was not taken away:\n${stderr}${stdout}`);
  }

  /**
   * Plans, and reads the plan, which Terraform writes with errors as well.
   * @param scratch folder for the plan's file
   */
  async plan(scratch: string, args: readonly string[] = []): Promise<Plan> {
    const file = join(scratch, 'recovery.tfplan');
    const planned = await this.run(['plan', '-input=false', '-json', `-out=${file}`, ...args]);
    const errors = diagnostics(planned).filter(({ severity }) => severity === 'error');
    const shown = await this.run(['show', '-json', file]);
    if (shown.status !== 0) return { json: {}, errors: errors.length > 0 ? errors : [unexplained(planned)] };
    return { json: JSON.parse(shown.stdout.slice(shown.stdout.indexOf('{'))) as PlanJson, errors };
  }

  private run(args: readonly string[]): Promise<ProgramResult> {
    return runProgram(this.binary, args, {
      cwd: this.folder,
      environment: { ...process.env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1', TF_CLI_ARGS: undefined },
    });
  }
}

export function inWords(errors: readonly Diagnostic[]): string {
  return errors.map(({ summary, detail }) => (detail === '' ? summary : `${summary}\n${detail}`)).join('\n\n');
}

function diagnostics({ stdout }: ProgramResult): Diagnostic[] {
  return stdout.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const message = JSON.parse(line) as { readonly diagnostic?: Diagnostic };
    return message.diagnostic ?? [];
  });
}

function unexplained({ status, stdout, stderr }: ProgramResult): Diagnostic {
  return { severity: 'error', summary: `terraform plan ended with ${status}`, detail: `${stderr}${stdout}` };
}
