// Completes what a killed deploy has begun: finds what exists in AWS and is missing from a layer's state, and lets the
// next deploy import it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { recoveryFile, type RecoveryKey } from '@strata/layer/recovery';
import { findTerraform, UserError } from '../toolchain';
import { candidates, notLookedFor } from './candidates';
import { endsInTheMiddle, repairCutOffState } from './cut-off-state';
import { leftOver } from './left-over';
import { readLayer, synthesize, type LayerFolder } from './layer-folder';
import { lockInWords, lockOf } from './lock';
import { match, type LeftAlone, type Orphan } from './match';
import { asText, knownIds, plannedCreates, stateResources, type PlanJson } from './plan';
import { probe } from './probe';
import { writeRecovery } from './recovery-file';
import { survey, type Parents } from './survey';
import { inWords, TerraformFolder, type Diagnostic, type Plan } from './terraform';

export interface RecoverOptions {
  readonly layer: string;
  /** The id of a lock that a killed deploy has left, which is taken away first. @default none */
  readonly unlock?: string;
  /** Is told what is being done. */
  readonly progress: (text: string) => void;
}

export interface Recovery {
  readonly layer: string;
  /** What the next deploy imports. */
  readonly orphans: readonly Orphan[];
  readonly leftAlone: readonly LeftAlone[];
  /** ARNs with the layer's tags of what is neither in its state nor in its configuration. */
  readonly leftOver: readonly string[];
  readonly unread: readonly Diagnostic[];
  readonly unknownTypes: readonly string[];
  /** Where the `import` blocks are, from the folder that `cdktf` is run in. */
  readonly file: string;
  /** What the next deploy does besides. */
  readonly plan: { readonly add: number; readonly change: number; readonly destroy: number };
}

/**
 * Compares AWS with a layer's state, in the folder that `cdktf` is run in, and writes the `import` blocks that its next
 * deploy takes up. Nothing in AWS or in the state is changed, but for a lock that is named and a local state that was
 * cut off while it was written.
 * @throws UserError when the state is locked or in HCP Terraform, or the layer cannot be planned
 */
export async function recover({ layer, unlock, progress }: RecoverOptions): Promise<Recovery> {
  progress(`Synthesizing "${layer}"`);
  const { key, fresh } = await withoutRecovery(layer);
  const { path: binary } = await findTerraform();
  const terraform = new TerraformFolder(binary, fresh.folder);
  if (await endsInTheMiddle(fresh.stack)) progress(repairCutOffState(fresh.stack) ?? '');
  await terraform.init();
  if (unlock !== undefined) {
    await terraform.forceUnlock(unlock);
    progress(`Took the lock ${unlock} away`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'strata-recover-'));
  try {
    progress('Comparing the plan with AWS');
    const { json } = requirePlan(await planRepaired(), layer);
    const creates = plannedCreates(json);
    const state = stateResources(json);
    const known = knownIds(state);
    const surveyed = await survey(fresh.owner, parentsIn(json), { region: fresh.region });
    const groups = new Set(
      [...surveyed.found, ...[...state.values()].map(({ type, values }) => ({ type, id: values.id }))]
        .filter(({ type }) => type === 'aws_security_group')
        .map(({ id }) => id),
    );
    const found = surveyed.found
      .filter(({ id, arn }) => !known.has(id) && !(arn !== undefined && known.has(arn)))
      .map((one) => (groups.has(one.values?.security_group_id) ? { ...one, isPart: true } : one));
    const all = candidates({ stack: fresh.stack, creates, found });
    const asked = new Set(all.flatMap((one) => one.found));
    progress(`Asking AWS for ${asked.size} of ${creates.length} resources that Terraform would make`);
    const { existing, unread } = await probe([...asked], {
      terraform: binary,
      folder: fresh.folder,
      stack: fresh.stack,
      scratch: mkdtempSync(join(scratch, 'probe-')),
    });
    const { orphans, leftAlone } = match(all, existing, fresh.owner);

    const attempt = orphans.length === 0 ? { orphans, refused: [], json } : await tryImports();
    return {
      layer,
      orphans: attempt.orphans,
      leftAlone: [...leftAlone, ...attempt.refused],
      leftOver: [
        ...leftOver(surveyed.arns, [
          ...known,
          ...[...existing].flatMap(([{ id }, values]) => [id, values.id, values.arn]),
        ]),
        // Such as AWS's own rule of a new group, which lets everything out.
        ...found
          .filter((one) => one.isPart === true && !asked.has(one))
          .map(({ id, values }) => `security group rule ${id} of ${String(values?.security_group_id)}`),
      ],
      unread,
      unknownTypes: notLookedFor(creates),
      file: relative(process.cwd(), writeRecovery(key, attempt.orphans)),
      plan: count(attempt.json),
    };

    /** Plans, and again where the state had to be repaired, which it may be as soon as nothing has it locked. */
    async function planRepaired(): Promise<Plan> {
      const planned = await terraform.plan(scratch);
      const repaired = lockOf(planned.errors) === undefined ? repairCutOffState(fresh.stack) : undefined;
      if (repaired === undefined) return planned;
      progress(repaired);
      return terraform.plan(scratch);
    }

    /** Plans with the imports, without those that cannot be imported or would be replaced. */
    async function tryImports() {
      progress(`Planning the import of ${orphans.length}`);
      const refused: LeftAlone[] = [];
      for (let rest = orphans; ;) {
        writeRecovery(key, rest);
        await synthesize(process.cwd());
        const planned = await terraform.plan(scratch);
        const problems = refusedImports(planned, rest);
        if (problems.length === 0) return { orphans: rest, refused, json: requirePlan(planned, layer).json };
        refused.push(...problems);
        rest = rest.filter(({ address }) => !problems.some((problem) => problem.address === address));
      }
    }
  } catch (error) {
    writeRecovery(key, []);
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The layer as it is without what an earlier recovery has left. */
async function withoutRecovery(layer: string): Promise<{ readonly key: RecoveryKey; readonly fresh: LayerFolder }> {
  const first = readLayer(await synthesize(process.cwd()), layer);
  if (first.backend === 'cloud') throw new UserError(inHcpTerraform(layer, first));
  const key = { project: first.owner.project, environment: first.owner.environment, layer };
  if (!existsSync(recoveryFile(key))) return { key, fresh: first };
  writeRecovery(key, []);
  return { key, fresh: readLayer(await synthesize(process.cwd()), layer) };
}

function requirePlan(plan: Plan, layer: string): Plan {
  if (plan.errors.length === 0) return plan;
  const lock = lockOf(plan.errors);
  if (lock !== undefined) throw new UserError(lockInWords(lock, layer));
  throw new UserError(`"${layer}" cannot be planned, so it cannot be compared with AWS:\n\n${inWords(plan.errors)}`);
}

/** Security groups and load balancers that the layer's own parts belong to: those of its state, and neighbours'. */
function parentsIn(plan: PlanJson): Parents {
  const values = [...stateResources(plan).values(), ...plannedCreates(plan)];
  const of = (type: RegExp, attribute: string): string[] =>
    values.flatMap((one) => (type.test(one.type) ? (asText(one.values[attribute]) ?? []) : []));
  return {
    securityGroupIds: [
      ...of(/^aws_security_group$/, 'id'),
      ...of(/^aws_vpc_security_group_.+_rule$/, 'security_group_id'),
    ],
    loadBalancerArns: [...of(/^aws_lb$/, 'arn'), ...of(/^aws_lb_listener$/, 'load_balancer_arn')],
    apiIds: [...of(/^aws_apigatewayv2_api$/, 'id'), ...of(/^aws_apigatewayv2_(route|authorizer)$/, 'api_id')],
    policyNames: of(/^aws_iam_policy$/, 'name'),
  };
}

function refusedImports({ json, errors }: Plan, orphans: readonly Orphan[]): LeftAlone[] {
  return orphans.flatMap(({ address, found }) => {
    const error = errors.find((one) => one.address === address || one.detail.includes(`"${address}"`));
    const actions = json.resource_changes?.find((one) => one.address === address)?.change.actions ?? [];
    const reason =
      error !== undefined
        ? `cannot be imported (${error.summary})`
        : actions.includes('delete')
          ? 'differs from the configuration in what cannot be changed, so its import would replace it'
          : undefined;
    if (reason === undefined) return [];
    return [
      {
        address,
        ids: [found.id],
        reason,
        remedy: 'delete it, or set the configuration to what it is, and run this again',
      },
    ];
  });
}

function count(plan: PlanJson): Recovery['plan'] {
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  const of = (action: string): number => changes.filter(({ change }) => change.actions.includes(action)).length;
  return { add: of('create'), change: of('update'), destroy: of('delete') };
}

function inHcpTerraform(layer: string, { folder }: LayerFolder): string {
  return (
    `the state of "${layer}" is in HCP Terraform, which this does not recover. There a run that is interrupted saves its ` +
    `state. If one was lost nevertheless:\n\n` +
    "  1. Unlock the workspace: Settings > Locking, or terraform force-unlock <ID> in the layer's folder.\n" +
    `  2. Plan in ${folder}: terraform plan. What it would make and exists already fails in the apply.\n` +
    '  3. Import each by hand: terraform import <address> <id>, in the same folder.\n\n' +
    'docs/state.md says how to find them by their tags.'
  );
}
