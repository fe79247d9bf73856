import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A stack as CDKTF wrote it. */
export interface SynthesizedStack {
  /** Project, environment and layer, such as `shop/dev/compute`; only the stack's name if its tags do not say more. */
  readonly name: string;
  /** `undefined` if its tags do not say. */
  readonly environment?: string;
  readonly folder: string;
  readonly writtenAt: Date;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const FILE = 'cdk.tf.json';

interface StackJson {
  readonly '//'?: { readonly metadata?: { readonly stackName?: string } };
  readonly output?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly provider?: { readonly aws?: readonly { readonly default_tags?: readonly { readonly tags?: unknown }[] }[] };
}

/**
 * The stacks below a folder, at whatever depth.
 * @throws Error when the folder or a stack in it cannot be read.
 */
export function synthesizedStacks(folder: string): SynthesizedStack[] {
  return filesBelow(folder).map((directory) => {
    const file = join(directory, FILE);
    const stack = parse(file);
    const stackName = stack['//']?.metadata?.stackName ?? basename(directory);
    const { project, environment } = tagsOf(stack);
    return {
      name: project !== undefined && environment !== undefined ? `${project}/${environment}/${stackName}` : stackName,
      environment,
      folder: directory,
      writtenAt: statSync(file).mtime,
      outputs: Object.fromEntries(Object.entries(stack.output ?? {}).map(([name, { value }]) => [name, value])),
    };
  });
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const here = entries.some((entry) => entry.isFile() && entry.name === FILE) ? [folder] : [];
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !['.terraform', 'node_modules', 'assets'].includes(entry.name),
  );
  return [...here, ...folders.flatMap((entry) => filesBelow(join(folder, entry.name)))];
}

function parse(file: string): StackJson {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StackJson;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function tagsOf(stack: StackJson): { readonly project?: string; readonly environment?: string } {
  const tags = stack.provider?.aws?.[0]?.default_tags?.[0]?.tags;
  const { project, environment } = (typeof tags === 'object' && tags !== null ? tags : {}) as Record<string, unknown>;
  return {
    project: typeof project === 'string' ? project : undefined,
    environment: typeof environment === 'string' ? environment : undefined,
  };
}
