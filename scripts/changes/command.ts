// `npm run changes`: records what changing each option does, and writes the table of it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../local/toolchain';
import { readArguments } from '../arguments';
import { Account } from './account';
import { layerNames, type Layer } from './layers';
import { providerVersion } from './provider-version';
import { recordLayer, type RecordOptions } from './record';
import { changesDocument } from './document';

const HELP = `Usage: npm run changes [-- <layer>... [--option=<option>]... [--plan-only] | -- --document]

Changes every option of the layers (all by default) on a deployed one in an AWS emulator: plans each change with the
real Terraform and provider, and where something is replaced or a name, port, subnet, listener, role or key changes,
applies it, plans again and changes it back. Writes docs/changes/<layer>.json and docs/changes.md.

What is recorded with the same provider, values and resources is left alone: run it again after it was ended.

  --option=<option>  records these options only, such as --option=services.*.cpu
  --plan-only        applies nothing; a later run without it does
  --document         writes docs/changes.md alone, from what is recorded
`;

export async function changesCommand(root: string, say: (text: string) => void): Promise<number> {
  const { values, positionals } = readArguments({
    help: { type: 'boolean', short: 'h' },
    document: { type: 'boolean' },
    'plan-only': { type: 'boolean' },
    option: { type: 'string', multiple: true },
  });
  if (values.help === true) {
    say(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => !layerNames.includes(name as Layer));
  if (unknown !== undefined) throw new UserError(`"${unknown}" is not a layer; use ${layerNames.join(', ')}`);
  if (values.document !== true) {
    const layers = positionals.length > 0 ? (positionals as Layer[]) : layerNames;
    await record(root, layers, { say, options: values.option, apply: values['plan-only'] !== true });
  }
  writeFileSync(path.join(root, 'docs', 'changes.md'), changesDocument());
  return 0;
}

async function record(
  root: string,
  layers: readonly Layer[],
  options: Pick<RecordOptions, 'say' | 'options' | 'apply'>,
): Promise<void> {
  for (const layer of layers) {
    const folder = path.join(root, '.strata', 'changes', layer);
    const account = await Account.open(path.join(folder, 'emulator'));
    try {
      const provider = await providerVersion(path.join(folder, 'provider'), account.environment);
      await recordLayer(layer, { ...options, account, folder: path.join(folder, 'layers'), provider });
    } finally {
      await account.close();
    }
  }
}
