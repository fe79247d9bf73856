import type { Backend, CaseResult, Layer } from './case';
import { KillingProxy } from './killing-proxy';
import { STATE_BUCKET, type Shop } from './shop';

export interface CaseOptions {
  readonly shop: Shop;
  readonly backend: Backend;
  readonly layer: Layer;
  readonly moment: number;
  readonly emulatorPort: number;
}

/**
 * Kills a deploy of a layer and recovers it as a person would, by what the tools say. Afterwards the layer is deployed.
 */
export async function runCase(options: CaseOptions): Promise<CaseResult> {
  const { shop, backend, layer, moment, emulatorPort } = options;
  await shop.prepare(layer);
  const atCall = Math.max(1, Math.round((await plannedResources(shop, layer)) * (moment / 100)));

  let kill = (): void => undefined;
  const proxy = await KillingProxy.start(emulatorPort, atCall, STATE_BUCKET, () => kill());
  const apply = shop.startApply(layer, proxy.endpoint);
  kill = apply.kill;
  await apply.ended;
  const calls = proxy.calls;
  proxy.close();

  const { output: list } = await shop.inLayer(layer, ['state', 'list']);
  const saved = list.split('\n').filter((line) => /^aws_/.test(line)).length;
  const began = Date.now();
  let recovery = await shop.recover(layer);
  const lockId = /--unlock (\S+)/.exec(recovery.output)?.[1];
  if (lockId !== undefined) recovery = await shop.recover(layer, ['--unlock', lockId]);
  const seconds = Math.round((Date.now() - began) / 1000);
  const imported = Number(/^It imports (\d+)/m.exec(recovery.output)?.[1] ?? 0);
  const known = { backend, layer, moment, calls, saved, imported, lock: lockId !== undefined, seconds };
  if (recovery.status !== 0)
    return { ...known, outcome: `recover ended with ${recovery.status}: ${lastLines(recovery.output)}` };

  const deploy = await shop.deploy([layer]);
  if (deploy.status !== 0) return { ...known, outcome: `the deploy failed: ${errorsIn(deploy.output)}` };
  const plan = await shop.inLayer(layer, ['plan', '-input=false', '-no-color', '-detailed-exitcode']);
  if (plan.status !== 0) return { ...known, outcome: `the next plan is not empty: ${lastLines(plan.output)}` };
  return { ...known, outcome: 'recovered' };
}

async function plannedResources(shop: Shop, layer: string): Promise<number> {
  const { status, output } = await shop.inLayer(layer, ['plan', '-input=false', '-no-color', '-lock=false']);
  const count = /Plan: (\d+) to add/.exec(output)?.[1];
  if (status !== 0 || count === undefined)
    throw new Error(`terraform plan of ${layer} says nothing to make:\n${output}`);
  return Number(count);
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-12).join('\n');
}

function errorsIn(output: string): string {
  const lines = output.split('\n').filter((line) => line.includes('Error'));
  return lines.length > 0 ? lines.slice(0, 8).join('\n') : lastLines(output);
}
