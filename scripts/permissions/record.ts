// Records on the emulator what planning, applying, changing and destroying a layer takes.
import path from 'node:path';
import type { Need } from '../../local/aws/iam/need';
import type { NeedsRecord } from '../../local/aws/iam/recorded-needs';
import { RECORD_PATH } from '../../local/aws/shim';
import { Account } from '../changes/account';
import { Deployment, type Version } from '../changes/deployment';
import type { Layer } from '../changes/layers';
import { CONFIGURATIONS, NAME_PREFIX } from './configurations';
import { type Permission, permissionsOf } from './permission';

/** What a layer takes, as calls/<layer>.json has it. */
export interface RecordedLayer {
  /** For a plan: what is read. */
  readonly plan: readonly Permission[];
  /** For deploying, changing and destroying, besides what a plan takes. */
  readonly apply: readonly Permission[];
  /** Operations that IAM's data has no action of: those that need none. */
  readonly withoutAction: readonly string[];
}

/** @throws Error with what Terraform said where something fails */
export async function recordLayer(layer: Layer, folder: string, say: (text: string) => void): Promise<RecordedLayer> {
  const account = await Account.open(path.join(folder, 'emulator'), { STRATA_EMULATOR_RECORD: 'on' });
  const [planned, applied, unknown] = [[] as Need[], [] as Need[], new Set<string>()];
  const take = async (into: Need[] | undefined): Promise<void> => {
    const record = (await (await fetch(`${account.endpoint}${RECORD_PATH}`)).json()) as NeedsRecord;
    into?.push(...record.needs);
    if (into !== undefined) for (const operation of record.unknown) unknown.add(operation);
  };
  try {
    const { before, deployed, changed } = CONFIGURATIONS[layer];
    const base = { config: deployed, environment: { namePrefix: NAME_PREFIX }, before };
    const deployment = await Deployment.prepare(account, path.join(folder, 'layers'), layer, base);
    say(`${layer}: what it needs is deployed`);
    await deployment.deployBefore();
    const first = version(deployment.versions([deployed], false, 'first'));
    const second = version(deployment.versions([changed], false, 'second', { tags: { team: 'web' } }));
    await deployment.initialize(first);
    await take(undefined);
    const step = async (what: string, into: Need[], answer: Promise<{ readonly errors: readonly string[] } | void>) => {
      say(`${layer}: ${what}`);
      const errors = (await answer)?.errors ?? [];
      if (errors.length > 0) throw new Error(`${what} of ${layer}:\n${errors.join('\n')}`);
      await take(into);
    };
    await step('plan', planned, deployment.plan(first, { refresh: true }));
    await step('apply', applied, deployment.apply(first));
    await step('plan of a change', planned, deployment.plan(second, { refresh: true }));
    await step('apply of a change', applied, deployment.apply(second));
    await step('plan of what is there', planned, deployment.plan(second, { refresh: true }));
    await step('destroy', applied, deployment.destroy());
  } finally {
    await account.close();
  }
  const plan = permissionsOf(planned);
  const keys = new Set(plan.map((permission) => JSON.stringify(permission)));
  return {
    plan,
    apply: permissionsOf(applied).filter((permission) => !keys.has(JSON.stringify(permission))),
    withoutAction: [...unknown].sort(),
  };
}

function version([result]: ReturnType<Deployment['versions']>): Version {
  if (result === undefined || 'refusal' in result) throw new Error(`it was refused: ${result?.refusal}`);
  return result;
}
