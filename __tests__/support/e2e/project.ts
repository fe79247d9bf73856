import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolchain } from '../terraform';
import { recentNode } from './recent-node';
import { runCommand, startCommand, type CommandOptions, type CommandResult, type RunningCommand } from './command';

export const repository = path.resolve(__dirname, '../../..');
const cdktf = path.join(repository, 'node_modules', 'cdktf-cli', 'bundle', 'bin', 'cdktf');

/** An environment as cdktf.json says it. */
export interface EnvironmentJson {
  readonly state: Readonly<Record<string, unknown>>;
  readonly layers: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export const PROJECT = 'shop';
export const ENVIRONMENT = 'e2e';

/** A user's own folder: a cdktf.json, whose app is this repository's, and what CDKTF and Terraform leave beside it. */
export class Project {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'strata-e2e-'));

  /** @param environment variables of all commands; @param app the checkout whose layers are deployed */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly app: string = repository,
  ) {}

  /** Writes cdktf.json with one environment, `e2e`, whose resources may be deleted. */
  configure(environment: EnvironmentJson): void {
    const context = {
      project: PROJECT,
      environment: ENVIRONMENT,
      environments: { [ENVIRONMENT]: { deletionProtection: false, ...environment } },
    };
    const app = `node ${path.join(this.app, 'scripts', 'synth.mjs')}`;
    writeFileSync(
      path.join(this.folder, 'cdktf.json'),
      JSON.stringify({ language: 'typescript', app, projectId: PROJECT, sendCrashReports: 'false', context }),
    );
  }

  /** `cdktf`, as it is typed. */
  cdktf(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return runCommand(recentNode, [cdktf, ...args], this.options(this.folder, environment));
  }

  /** `cdktf deploy … --auto-approve`. @throws Error with all it said where it fails */
  async deploy(
    layers: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    flags: readonly string[] = [],
  ): Promise<string> {
    return succeeded(
      `cdktf deploy ${layers.join(' ')}`,
      await this.cdktf(['deploy', ...layers, '--auto-approve', ...flags], environment),
    );
  }

  /** `cdktf destroy … --auto-approve`. @throws Error with all it said where it fails */
  async destroy(layers: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    return succeeded(
      `cdktf destroy ${layers.join(' ')}`,
      await this.cdktf(['destroy', ...layers, '--auto-approve'], environment),
    );
  }

  /** What `cdktf synth` does, without loading the CLI. @throws Error with all it said where it fails */
  async synth(environment: NodeJS.ProcessEnv = {}): Promise<void> {
    const { context } = JSON.parse(readFileSync(path.join(this.folder, 'cdktf.json'), 'utf8')) as { context: object };
    const handed = { CDKTF_OUTDIR: 'cdktf.out', CDKTF_CONTEXT_JSON: JSON.stringify(context) };
    const app = path.join(this.app, 'scripts', 'synth.mjs');
    const options = this.options(this.folder, { ...handed, ...environment });
    succeeded('the synthesis', await runCommand(recentNode, [app], options));
  }

  /**
   * What `cdktf deploy` does with one layer, without loading the CLI: synthesizes, initializes where that was not done,
   * and applies. Gives what Terraform said.
   * @throws Error with all it said where it fails
   */
  async apply(layer: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
    await this.synth(environment);
    if (!existsSync(path.join(this.layerFolder(layer), '.terraform'))) await this.init(layer);
    return succeeded(
      `terraform apply of ${layer}`,
      await this.terraform(layer, ['apply', '-auto-approve', '-input=false', '-no-color'], environment),
    );
  }

  /** The folder Terraform runs in for a layer. */
  layerFolder(layer: string): string {
    return path.join(this.folder, 'cdktf.out', ENVIRONMENT, layer);
  }

  /** The JSON of layers as they were synthesized last. */
  synthesized(layers: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      layers.map((layer) => [layer, readFileSync(path.join(this.layerFolder(layer), 'cdk.tf.json'), 'utf8')]),
    );
  }

  /** Terraform in a layer's folder. */
  terraform(layer: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return this.startTerraform(layer, args, environment).ended;
  }

  startTerraform(layer: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningCommand {
    const tools = toolchain();
    if (typeof tools === 'string') throw new Error(`terraform is needed: ${tools}`);
    return startCommand(tools.binary, [...args], this.options(this.layerFolder(layer), environment));
  }

  /** `terraform init` in a layer's folder, which the first deploy does as well. */
  async init(layer: string): Promise<void> {
    succeeded(`terraform init of ${layer}`, await this.terraform(layer, ['init', '-input=false', '-no-color']));
  }

  /**
   * What Terraform would change in each layer: nothing (`[]`), or the addresses and actions it plans. All are planned
   * as they were synthesized last, two at a time.
   * @throws Error with what Terraform said where a plan fails
   */
  async changes(layers: readonly string[]): Promise<Record<string, readonly string[]>> {
    const found: Record<string, readonly string[]> = {};
    const waiting = [...layers];
    const work = async (): Promise<void> => {
      for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift())
        found[layer] = await this.changesOf(layer);
    };
    await Promise.all([work(), work()]);
    return Object.fromEntries(layers.map((layer) => [layer, found[layer] ?? []]));
  }

  private async changesOf(layer: string): Promise<readonly string[]> {
    const { status, output } = await this.terraform(layer, ['plan', '-input=false', '-no-color', '-detailed-exitcode']);
    if (status === 0) return [];
    if (status !== 2) throw new Error(`terraform plan of ${layer} ended with ${status}:\n${output}`);
    const planned = output
      .split('\n')
      .filter((line) => /^ {2}# .* (will|must) be /.test(line))
      .map((line) => line.slice(4));
    // Exit code 2 without a change of a resource: outputs alone.
    return planned.length > 0 ? planned : [`changes to outputs:\n${output}`];
  }

  /** `npm run recover -- <layer> …`, in this folder. */
  recover(layer: string, args: readonly string[] = []): Promise<CommandResult> {
    const script = path.join(repository, 'scripts', 'recover.ts');
    return runCommand(recentNode, ['--import', require.resolve('tsx'), script, layer, ...args], {
      cwd: this.folder,
      environment: { ...this.environment, TSX_TSCONFIG_PATH: path.join(repository, 'tsconfig.json') },
    });
  }

  /** Where a recovery leaves what the next deploy of a layer imports. */
  recoveryFile(layer: string): string {
    return path.join(this.folder, '.strata', 'recover', PROJECT, ENVIRONMENT, `${layer}.json`);
  }

  /** What a layer publishes. */
  async outputs(layer: string): Promise<Record<string, unknown>> {
    const text = succeeded(`terraform output of ${layer}`, await this.terraform(layer, ['output', '-json']));
    return Object.fromEntries(
      Object.entries(JSON.parse(text) as Record<string, { value: unknown }>).map(([name, { value }]) => [name, value]),
    );
  }

  /** A layer's local state. */
  localState(layer: string): TerraformState {
    return JSON.parse(readFileSync(this.localStateFile(layer), 'utf8')) as TerraformState;
  }

  hasLocalState(layer: string): boolean {
    return existsSync(this.localStateFile(layer));
  }

  /** The folder of local states. */
  get localStateFolder(): string {
    return path.join(this.folder, '.strata', 'state');
  }

  private localStateFile(layer: string): string {
    return path.join(this.localStateFolder, PROJECT, ENVIRONMENT, `${layer}.tfstate`);
  }

  /** Deletes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private options(cwd: string, environment: NodeJS.ProcessEnv): CommandOptions {
    return { cwd, environment: { ...this.environment, ...environment } };
  }
}

/** The parts of a state that tests look at. */
export interface TerraformState {
  readonly serial: number;
  readonly lineage: string;
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances: readonly unknown[];
  }[];
}

/** Types of what is in a state; a resource that is still to be made has an entry without an instance. */
export function managedTypes({ resources }: TerraformState): string[] {
  return resources.filter(({ mode, instances }) => mode === 'managed' && instances.length > 0).map(({ type }) => type);
}

function succeeded(what: string, { status, output }: CommandResult): string {
  if (status !== 0) throw new Error(`${what} ended with ${status}:\n${output}`);
  return output;
}
