import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareContracts, consumerIn, whoBreaks, type Consumer, type ContractDescription } from '@strata/contract';
import {
  byMessage,
  environmentsInWords,
  readCdktfProject,
  synthesizedStacks,
  synthesizeEnvironment,
  type Failure,
} from '@strata/contract-cli';
import { basesOf, contractsAt, type Base } from './base';
import { CONTRACT_FILE, layerContracts, type LayerContract } from './layer-contracts';
import { isInStep } from './write';

/** The outputs of a stack in this repository. */
interface Stack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface CheckResult {
  /** What is wrong, one entry a problem; empty where nothing is. */
  readonly problems: readonly string[];
  /** Why versions could not be compared; `undefined` where they were. */
  readonly notCompared?: string;
  /** What was checked, in a line. */
  readonly summary: string;
}

/**
 * Checks the contracts of a repository: each `contract.json` is in step, each version was raised far enough since the
 * base, and each reader in the repository accepts what it reads.
 */
export async function checkContracts(root: string, baseName?: string): Promise<CheckResult> {
  const contracts = layerContracts(root);
  const bases = basesOf(root, baseName);
  const { stacks, problems: unsynthesized } = await synthesizeAll(root);
  const readers = (layer: string): Consumer[] =>
    stacks.flatMap(({ name, outputs }) => consumerIn(outputs, layer, { name, source: 'this repository' }) ?? []);
  const compared = typeof bases === 'string' ? [] : bases;
  const problems = [
    ...contracts.flatMap((contract) => stepProblems(root, contract)),
    ...compared.flatMap((base) => versionProblems(root, base, contracts)),
    ...compared.flatMap((base) => removalProblems(root, base, contracts, readers)),
    ...contracts.flatMap(({ description }) => readerProblems(description, readers(description.layer))),
    ...unsynthesized,
  ];
  const readerCount = contracts.reduce((sum, { description }) => sum + readers(description.layer).length, 0);
  return {
    problems: [...new Set(problems)],
    notCompared: typeof bases === 'string' ? bases : undefined,
    summary:
      `contracts: ${contracts.length} in ` +
      `step${typeof bases === 'string' ? '' : `, versions raised far enough since ${bases[0]!.name}`}; ` +
      `readers in this repository: ${readerCount}, all accept what they read`,
  };
}

function stepProblems(root: string, { folder, description }: LayerContract): string[] {
  const file = `${folder}/${CONTRACT_FILE}`;
  return isInStep(path.join(root, file), description)
    ? []
    : [`${file}: is not in step with its contract; run: npm run contracts -- write`];
}

function versionProblems(root: string, base: Base, contracts: readonly LayerContract[]): string[] {
  const before = contractsAt(root, base);
  return contracts.flatMap(({ folder, description }) => {
    // A layer may have moved to another folder.
    const previous = before.get(folder) ?? [...before.values()].find(({ layer }) => layer === description.layer);
    return previous === undefined
      ? []
      : compareContracts(previous, description).problems.map((problem) => `${problem} (compared with ${base.name})`);
  });
}

function removalProblems(
  root: string,
  base: Base,
  contracts: readonly LayerContract[],
  readers: (layer: string) => readonly Consumer[],
): string[] {
  const here = new Set(contracts.map(({ folder }) => folder));
  const published = new Set(contracts.map(({ description }) => description.layer));
  return [...contractsAt(root, base)]
    .filter(([folder, { layer }]) => !here.has(folder) && !published.has(layer))
    .flatMap(([, { layer, owner, version }]) => {
      const names = readers(layer).map(({ name }) => name);
      const what = `contract "${layer}" (owner ${owner}): ${version} was removed since ${base.name}`;
      return names.length === 0
        ? []
        : [`${what}, but is still read by ${names.join(', ')}; keep it until no stack reads it`];
    });
}

function readerProblems(contract: ContractDescription, readers: readonly Consumer[]): string[] {
  const broken = new Map<string, string[]>();
  for (const { consumer, reasons } of whoBreaks(contract, readers)) {
    if (reasons.length > 0) broken.set(reasons.join('; '), [...(broken.get(reasons.join('; ')) ?? []), consumer.name]);
  }
  return [...broken].map(
    ([reasons, names]) =>
      `contract "${contract.layer}" (owner ${contract.owner}): ${contract.version} breaks ` +
      `${names.join(', ')}: ${reasons}`,
  );
}

/**
 * The stacks of every environment. An environment that a reader's range keeps from being synthesized is a problem in
 * that reader's own words.
 */
async function synthesizeAll(
  root: string,
): Promise<{ readonly stacks: readonly Stack[]; readonly problems: readonly string[] }> {
  const project = readCdktfProject(root);
  if (project === undefined) return { stacks: [], problems: [] };
  const stacks: Stack[] = [];
  const failures: Failure[] = [];
  for (const environment of project.environments.keys()) {
    const folder = mkdtempSync(path.join(tmpdir(), 'strata-contracts-'));
    try {
      await synthesizeEnvironment(project, environment, folder);
      stacks.push(...synthesizedStacks(folder));
    } catch (error) {
      failures.push({ environment, message: (error as Error).message });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const problems = byMessage(failures).map(
    ({ message, environments }) => `${environmentsInWords(environments)} cannot be synthesized: ${message}`,
  );
  return { stacks, problems: [...project.problems, ...problems] };
}
