import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand, startCommand, type CommandResult, type RunningCommand } from '../../support/e2e/command';
import { toolchain } from '../../support/terraform';

/** A folder that someone runs Terraform in. */
export class Checkout {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'strata-state-'));

  /** @param environment variables of all commands */
  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** Puts a layer here. */
  write(json: string): void {
    writeFileSync(path.join(this.folder, 'cdk.tf.json'), json);
  }

  /** Puts a layer here and initializes it. @throws Error with all that was said where that fails */
  async init(json: string, ...flags: readonly string[]): Promise<string> {
    this.write(json);
    return this.succeed('init', ...flags);
  }

  apply(...flags: readonly string[]): Promise<CommandResult> {
    return this.terraform('apply', '-auto-approve', ...flags);
  }

  startApply(): RunningCommand {
    return startCommand(this.binary, ['apply', '-auto-approve', '-input=false', '-no-color'], {
      cwd: this.folder,
      environment: this.environment,
      timeoutSeconds: 120,
    });
  }

  /** Whether a plan would change anything. @throws Error with all that was said where there is no plan */
  async isUpToDate(): Promise<boolean> {
    const { status, output } = await this.terraform('plan', '-detailed-exitcode');
    if (status !== 0 && status !== 2) throw new Error(output);
    return status === 0;
  }

  /** A Terraform command that has to succeed. @throws Error with all that was said where it does not */
  async succeed(command: string, ...flags: readonly string[]): Promise<string> {
    const { status, output } = await this.terraform(command, ...flags);
    if (status !== 0) throw new Error(`terraform ${command}:\n${output}`);
    return output;
  }

  terraform(command: string, ...flags: readonly string[]): Promise<CommandResult> {
    const input = ['init', 'plan', 'apply', 'destroy'].includes(command) ? ['-input=false'] : [];
    return runCommand(this.binary, [command, ...input, ...flags, ...(command === 'state' ? [] : ['-no-color'])], {
      cwd: this.folder,
      environment: this.environment,
      timeoutSeconds: 120,
    });
  }

  /**
   * A Terraform command whose questions are all answered the same.
   * @throws Error with all that was said where it fails
   */
  async answering(answer: string, command: string): Promise<string> {
    const child = spawn(this.binary, [command, '-no-color'], {
      cwd: this.folder,
      env: this.environment,
      timeout: 120_000,
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    child.stdin.end(`${answer}\n`.repeat(3));
    const status = await new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('close', resolve),
    );
    if (status !== 0) throw new Error(`terraform ${command}:\n${chunks.join('')}`);
    return chunks.join('');
  }

  /** The text of a file here. */
  read(name: string): string {
    return readFileSync(path.join(this.folder, name), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get binary(): string {
    const tools = toolchain();
    if (typeof tools === 'string') throw new Error(`terraform is needed: ${tools}`);
    return tools.binary;
  }
}

/** What Terraform said in one line: it breaks lines and frames errors. */
export function inOneLine(output: string): string {
  return output.replaceAll(/[│╷╵\s]+/g, ' ').trim();
}
