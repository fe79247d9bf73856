// A layer that is deployed with what it needs, and can be changed and changed back.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Account } from './account';
import type { Base } from './cases';
import type { LayerJson } from './difference';
import type { Layer } from './layers';
import { synthesize, type Synthesized } from './synth';
import { Terraform, type Answer } from './terraform';

/** A layer as it was synthesized. */
export interface Version {
  readonly folder: string;
  readonly json: LayerJson;
}

export class Deployment {
  private terraform: Terraform;

  private constructor(
    private readonly account: Account,
    private readonly folder: string,
    private readonly layer: Layer,
    private readonly base: Base,
    private readonly ids: Readonly<Record<string, string>>,
  ) {
    this.terraform = new Terraform(this.layerFolder(layer), account.environment);
  }

  /** Empties the account and the folder, and deploys nothing yet. */
  static async prepare(account: Account, folder: string, layer: Layer, base: Base): Promise<Deployment> {
    await account.empty();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return new Deployment(account, folder, layer, base, await account.ids());
  }

  /**
   * Synthesizes the layer with each of these configurations.
   * @param name of the folder they are in: those of the same name are replaced
   * @param environment further keys of the environment
   */
  versions(
    configs: readonly object[],
    protection = false,
    name = protection ? 'protected' : 'single',
    environment: object = {},
  ): (Version | { readonly refusal: string })[] {
    const jobs = configs.map((config, index) => ({
      outdir: path.join(this.folder, 'versions', name, String(index)),
      layer: this.layer,
      environment: { ...this.environment(config, protection), ...environment },
    }));
    return synthesize(jobs).map((result) => this.read(result));
  }

  /**
   * Deploys the layers before, then the layer.
   * @throws Error with what Terraform said where one fails
   */
  async deploy(version: Version): Promise<void> {
    await this.deployBefore();
    await this.initialize(version);
    await succeed(`apply of ${this.layer}`, this.terraform.apply());
  }

  /** @throws Error with what Terraform said where a layer fails */
  async deployBefore(): Promise<void> {
    const before = Object.keys(this.base.before ?? {}) as Layer[];
    const jobs = before.map((layer) => ({
      outdir: path.join(this.folder, 'before', layer),
      layer,
      environment: this.environment(this.base.config, false),
    }));
    for (const [index, result] of synthesize(jobs).entries()) {
      const read = this.read(result);
      if ('refusal' in read) throw new Error(`${before[index]} was refused: ${read.refusal}`);
      const terraform = await this.put(before[index]!, read);
      await terraform.init();
      await succeed(`apply of ${before[index]}`, terraform.apply());
    }
  }

  /** Makes the layer ready to be planned. */
  async initialize(version: Version): Promise<void> {
    this.terraform = await this.put(this.layer, version);
    await this.terraform.init();
  }

  /** @throws Error with what Terraform said where it fails */
  async destroy(): Promise<void> {
    await succeed(`destroy of ${this.layer}`, this.terraform.destroy());
  }

  /** Deploys everything again, into an empty account. */
  async redeploy(version: Version): Promise<void> {
    await this.account.empty();
    for (const folder of ['state', 'deployed'])
      rmSync(path.join(this.folder, folder), { recursive: true, force: true });
    await this.deploy(version);
  }

  /** What Terraform would change. */
  async plan(version: Version, options: { readonly refresh?: boolean } = {}): Promise<Answer> {
    await this.put(this.layer, version);
    return this.terraform.plan(options);
  }

  async apply(version: Version): Promise<Answer> {
    await this.put(this.layer, version);
    return this.terraform.apply();
  }

  /** Text without the ids that this account has by chance. */
  withoutIds(text: string): string {
    return Object.entries(this.ids).reduce((result, [word, id]) => result.replaceAll(id, word), text);
  }

  private environment(config: object, deletionProtection: boolean): object {
    const { environment = {}, before = {} } = this.base;
    const all = {
      region: 'ap-northeast-2',
      state: { type: 'local', directory: path.join(this.folder, 'state') },
      deletionProtection,
      ...environment,
      layers: { ...before, [this.layer]: config },
    };
    const text = Object.entries({ ...this.ids, 'local-states': path.join(this.folder, 'state') }).reduce(
      (result, [word, id]) => result.replaceAll(word, id),
      JSON.stringify(all),
    );
    return JSON.parse(text) as object;
  }

  private read(result: Synthesized): Version | { readonly refusal: string } {
    if ('refusal' in result) return { refusal: this.withoutIds(result.refusal) };
    const text = readFileSync(path.join(result.folder, 'cdk.tf.json'), 'utf8');
    return { folder: result.folder, json: JSON.parse(this.withoutIds(text)) as LayerJson };
  }

  private async put(layer: Layer, version: Version): Promise<Terraform> {
    const folder = this.layerFolder(layer);
    cpSync(version.folder, folder, { recursive: true });
    // The provider was started elsewhere, from where it would look for files.
    const file = path.join(folder, 'cdk.tf.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"assets/', `"${folder}/assets/`));
    return new Terraform(this.layerFolder(layer), this.account.environment);
  }

  private layerFolder(layer: Layer): string {
    return path.join(this.folder, 'deployed', layer);
  }
}

async function succeed(what: string, answer: Promise<Answer>): Promise<void> {
  const { errors } = await answer;
  if (errors.length > 0) throw new Error(`${what}:\n${errors.join('\n')}`);
}
