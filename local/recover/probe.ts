// Asks the provider itself which resources exist, by letting Terraform plan their import into an empty configuration:
// there nothing depends on anything, so one plan reads them all. It changes nothing.
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from './found';
import { stateResources, type StackJson } from './plan';
import { TerraformFolder, type Diagnostic } from './terraform';

export interface ProbeOptions {
  readonly terraform: string;
  /** The layer's folder, where Terraform was initialized. */
  readonly folder: string;
  readonly stack: StackJson;
  /** An empty folder. */
  readonly scratch: string;
}

export interface Probed {
  /** What exists, with its values as the provider reads them. */
  readonly existing: ReadonlyMap<Found, Readonly<Record<string, unknown>>>;
  /** Why others could not be read, but for that they do not exist. */
  readonly unread: readonly Diagnostic[];
}

/** How Terraform and the provider say that there is no such thing. */
const ABSENT =
  /non-existent|not exist|n't exist|not find|n't find|not found|no (?:\w+ )?association found|nosuch|notfound|unknown(?:resource|repository)|empty result/i;

export async function probe(
  found: readonly Found[],
  { terraform, folder, stack, scratch }: ProbeOptions,
): Promise<Probed> {
  if (found.length === 0) return { existing: new Map(), unread: [] };
  const byAddress = new Map(found.map((one, index) => [`${one.type}.r${index}`, one]));
  const { required_providers, required_version } = stack.terraform;
  const configuration = {
    terraform: { required_providers, required_version },
    provider: stack.provider,
    import: [...byAddress].map(([to, { id }]) => ({ to, id })),
  };
  writeFileSync(join(scratch, 'main.tf.json'), JSON.stringify(configuration));
  useProvidersOf(folder, scratch);
  const generated = join(scratch, 'generated.tf');
  const { json, errors } = await new TerraformFolder(terraform, scratch).plan(scratch, [
    `-generate-config-out=${generated}`,
  ]);
  const read = stateResources(json);
  return {
    existing: new Map(
      [...byAddress].flatMap(([address, one]) => {
        const values = read.get(address)?.values;
        return values === undefined ? [] : [[one, values] as const];
      }),
    ),
    // One with an address is about the configuration that Terraform generates, which is thrown away.
    unread: errors.filter(
      ({ address, summary, detail }) =>
        !(address !== undefined && byAddress.has(address)) && !ABSENT.test(`${summary} ${detail}`),
    ),
  };
}

/** Without another download of the provider. */
function useProvidersOf(folder: string, scratch: string): void {
  const lock = '.terraform.lock.hcl';
  if (existsSync(join(folder, lock))) copyFileSync(join(folder, lock), join(scratch, lock));
  const providers = join(process.env.TF_DATA_DIR ?? join(folder, '.terraform'), 'providers');
  if (!existsSync(providers)) return;
  mkdirSync(join(scratch, '.terraform'));
  symlinkSync(providers, join(scratch, '.terraform', 'providers'), 'junction');
}
