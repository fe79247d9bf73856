// Terraform in a layer's folder, and what it says as JSON.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Actions of a plan, by the address of the resource. */
export interface PlannedAction {
  readonly address: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'move' | 'remove' | 'import';
}

export interface Answer {
  readonly actions: readonly PlannedAction[];
  /** Errors, in Terraform's words; empty where it succeeded. */
  readonly errors: readonly string[];
}

interface Message {
  readonly type?: string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string };
}

const LONGEST_MILLISECONDS = 300_000;

export class Terraform {
  constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @throws Error with what Terraform said where it fails */
  async init(): Promise<void> {
    const { status, lines } = await this.run(['init', '-input=false', '-no-color', '-reconfigure']);
    if (status !== 0) throw new Error(`terraform init in ${this.folder}:\n${lines.join('\n')}`);
  }

  /** @param refresh whether everything is read from the account first @default false */
  plan({ refresh = false }: { readonly refresh?: boolean } = {}): Promise<Answer> {
    return this.answer(['plan', '-lock=false', `-refresh=${refresh}`]);
  }

  apply(): Promise<Answer> {
    return this.answer(['apply', '-auto-approve', '-refresh=false', '-lock=false']);
  }

  destroy(): Promise<Answer> {
    return this.answer(['destroy', '-auto-approve', '-lock=false']);
  }

  private async answer([command, ...rest]: readonly [string, ...string[]]): Promise<Answer> {
    const { status, lines } = await this.run([command, '-json', '-input=false', ...rest]);
    const messages = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Message);
    const errors = messages
      .filter(({ diagnostic }) => diagnostic?.severity === 'error')
      .map(({ diagnostic }) => [diagnostic!.summary, diagnostic!.detail].filter(Boolean).join(': '));
    if (status !== 0 && errors.length === 0)
      errors.push(`terraform ${command} ended with ${status}: ${lines.join('\n')}`);
    const actions = messages.flatMap(({ type, change }) =>
      type === 'planned_change' && change !== undefined && !['noop', 'read'].includes(change.action)
        ? [{ address: change.resource.addr, action: change.action as PlannedAction['action'] }]
        : [],
    );
    return { actions, errors };
  }

  private run(args: readonly string[]): Promise<{ readonly status: number | null; readonly lines: string[] }> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.environment.STRATA_TERRAFORM ?? 'terraform', args, {
        cwd: this.folder,
        env: this.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        // What the emulator lacks may be asked for again and again.
        timeout: LONGEST_MILLISECONDS,
      });
      const lines: string[] = [];
      for (const input of [child.stdout, child.stderr])
        createInterface({ input }).on('line', (line) => void lines.push(line));
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, lines }));
    });
  }
}
