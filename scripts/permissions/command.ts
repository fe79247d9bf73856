// `npm run permissions`: the least IAM policies of who plans and who deploys a layer.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { partitionOf } from '@strata/core/rules';
import { UserError } from '../../local/toolchain';
import { readArguments } from '../arguments';
import { layerNames, type Layer } from '../changes/layers';
import { permissionsDocument } from './document';
import { trustPolicies } from './oidc';
import { policiesOf, type Place } from './policies';
import { callsFile, readCalls } from './read-calls';
import { recordLayer } from './record';

const HELP = `Usage: npm run permissions -- <layer> [options]
       npm run permissions -- --record [<layer>...]
       npm run permissions -- --document

Prints the least IAM policies, as JSON, of who plans and of who applies, changes and destroys a layer of the environment
(STRATA_ENVIRONMENT, or that of cdktf.json): { "plan": [<policy>...], "apply": [<policy>...] }. Who applies needs both.
Resources have the names of the environment. A role may have ten policies; a second one is printed where one would be
longer than IAM allows. State in S3 takes what docs/state.md names besides.

  --account=<id>          the account in ARNs. Default: allowedAccountIds of the environment if it is one, else any
  --oidc=<repository>     prints the trust policies of two roles of a CI as well: github:<organization>/<repository>,
                          github:<organization>@<id>/<repository>@<id> (see docs/permissions.md for which of the two)
                          or gitlab:<group>/<project>
  --record                records anew what the layers (all by default) take, on an emulator: minutes for each
  --document              writes docs/permissions.md
`;

export const DOCUMENT = path.join(__dirname, '..', '..', 'docs', 'permissions.md');

interface Context {
  readonly project: string;
  readonly environment: string;
  readonly environments: Readonly<
    Record<
      string,
      { readonly region?: string; readonly namePrefix?: string; readonly allowedAccountIds?: readonly string[] }
    >
  >;
}

export async function permissionsCommand(folder: string, say: (text: string) => void): Promise<number> {
  const { values, positionals } = readArguments({
    account: { type: 'string' },
    document: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    oidc: { type: 'string' },
    record: { type: 'boolean' },
  });
  const unknown = positionals.find((name) => !layerNames.includes(name as Layer));
  if (unknown !== undefined) throw new UserError(`"${unknown}" is not a layer; use ${layerNames.join(', ')}`);
  const layers = positionals as Layer[];
  if (values.help === true) say(HELP);
  else if (values.record === true) await record(layers.length > 0 ? layers : layerNames, say);
  else if (values.document === true) writeFileSync(DOCUMENT, permissionsDocument());
  else if (layers.length !== 1) throw new UserError(`name one layer: ${layerNames.join(', ')}`);
  else {
    const { context } = JSON.parse(readFileSync(path.join(folder, 'cdktf.json'), 'utf8')) as { context: Context };
    const place = placeOf(context, process.env.STRATA_ENVIRONMENT, values.account);
    const { plan, apply } = readCalls(layers[0]!);
    const policies = { plan: policiesOf(plan, place), apply: policiesOf(apply, place) };
    const trust = values.oidc === undefined ? {} : { trust: trustPolicies(values.oidc, place) };
    say(JSON.stringify({ ...policies, ...trust }, undefined, 2));
  }
  return 0;
}

/** @throws UserError for an environment that does not exist, or an account that is none */
export function placeOf(context: Context, name = context.environment, account?: string): Place {
  const chosen = context.environments[name];
  if (chosen === undefined)
    throw new UserError(
      `STRATA_ENVIRONMENT: "${name}" does not exist; use one of ${Object.keys(context.environments).join(', ')}`,
    );
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new UserError(`--account=${account} is not an account id; use its 12 digits`);
  const { region = 'ap-northeast-2', namePrefix, allowedAccountIds = [] } = chosen;
  const only = allowedAccountIds.length === 1 ? allowedAccountIds[0] : undefined;
  return {
    partition: partitionOf(region),
    region,
    account: account ?? only ?? '*',
    project: context.project,
    environment: name,
    prefix: namePrefix === undefined ? '' : `${namePrefix}-`,
  };
}

async function record(layers: readonly Layer[], say: (text: string) => void): Promise<void> {
  for (const layer of layers) {
    const folder = path.join(__dirname, '..', '..', '.strata', 'permissions', layer);
    const recorded = await recordLayer(layer, folder, say);
    mkdirSync(path.dirname(callsFile(layer)), { recursive: true });
    writeFileSync(callsFile(layer), `${JSON.stringify(recorded, undefined, 2)}\n`);
    say(`${layer}: ${recorded.plan.length + recorded.apply.length} permissions, in ${callsFile(layer)}`);
  }
}
