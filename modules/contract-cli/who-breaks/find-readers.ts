import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { consumerIn, type Consumer } from '@strata/contract';
import type { StateBackend } from '@strata/state/config';
import { readInventory } from '../inventory/inventory';
import { readCdktfProject, type CdktfProject } from './cdktf-project';
import { byMessage, environmentsInWords, type Failure } from './environments';
import { synthesizeEnvironment } from './synthesize-environment';
import { synthesizedStacks, type SynthesizedStack } from './synthesized-stacks';

export interface FindReadersOptions {
  /** The layer whose contract is read. */
  readonly layer: string;
  /** Folder of a CDKTF project whose environments, synthesized and deployed, are searched. */
  readonly directory: string;
  /** Further folders with synthesized stacks, such as another repository's `cdktf.out`. @default none */
  readonly synthesized?: readonly string[];
  /** Further backends whose states are searched. @default none */
  readonly backends?: readonly StateBackend[];
  /**
   * Whether the project's environments are synthesized first.
   * @default true; otherwise its output folder is used as it is
   */
  readonly synthesize?: boolean;
}

/** The contract as published by one deployed state. */
export interface PublishedContract {
  readonly name: string;
  readonly version: string;
}

export interface FoundReaders {
  readonly readers: readonly Consumer[];
  /** Where the contract is deployed. */
  readonly published: readonly PublishedContract[];
  /** What could not be searched, and why. If there is any, some readers may not have been found. */
  readonly problems: readonly string[];
  /** Environments that no longer synthesize because of this contract, and the error message. */
  readonly refusals: readonly Failure[];
}

/** A stack or a state with its outputs. */
interface Place {
  readonly name: string;
  readonly source: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Everyone who reads a layer's contract: in the synthesized stacks and in the deployed states of every environment,
 * whatever project they belong to.
 */
export async function findReaders(options: FindReadersOptions): Promise<FoundReaders> {
  const { layer, directory } = options;
  const problems: string[] = [];
  const refusals: Failure[] = [];
  const failures: Failure[] = [];
  const project = readCdktfProject(directory);
  if (project !== undefined) problems.push(...project.problems);
  else if ((options.synthesized ?? options.backends) === undefined) {
    problems.push(
      `there is no cdktf.json in ${directory}; run the command in a CDKTF project, or pass what to search with ` +
        `--synthesized or --state`,
    );
  }

  const own =
    project === undefined
      ? []
      : await ownStacks(project, options, problems, ({ environment, message }) => {
          (message.includes(`reads contract "${layer}"`) ? refusals : failures).push({ environment, message });
        });
  problems.push(
    ...byMessage(failures).map(
      ({ message, environments }) => `${environmentsInWords(environments)} cannot be synthesized: ${message}`,
    ),
  );
  const others = (options.synthesized ?? []).flatMap((folder) => otherStacks(directory, folder, problems));
  const states = await deployedStates(
    [...(project?.environments.values() ?? []), ...(options.backends ?? [])],
    directory,
    problems,
  );

  const readers = [...own, ...others, ...states].flatMap((place) => {
    try {
      return consumerIn(place.outputs, layer, place) ?? [];
    } catch (error) {
      problems.push(`${place.name} in ${place.source}: ${(error as Error).message}`);
      return [];
    }
  });
  const published = states
    .filter(({ outputs }) => outputs.contract_name === layer)
    .map(({ name, outputs }) => ({ name, version: String(outputs.contract_version) }));
  return { readers, published, problems, refusals };
}

/** The project's own stacks: freshly synthesized or, where that fails, as last written. */
async function ownStacks(
  project: CdktfProject,
  { synthesize = true }: FindReadersOptions,
  problems: string[],
  fail: (failure: Failure) => void,
): Promise<Place[]> {
  const output = resolve(project.directory, project.output);
  const written = existsSync(output) ? readStacks(output, problems) : [];
  const found: Place[] = [];
  // Without synthesizing, everything in the folder counts; otherwise only the stacks of an environment that failed.
  const failed = new Set<string | undefined>();
  for (const environment of project.environments.keys()) {
    if (!synthesize) {
      if (!written.some((stack) => stack.environment === environment)) {
        problems.push(
          `environment ${environment} is not synthesized in ${project.output}; run: ` +
            `STRATA_ENVIRONMENT=${environment} npx cdktf synth`,
        );
      }
      continue;
    }
    const stacks = await freshStacks(project, environment, (message) => fail({ environment, message }));
    if (stacks === undefined) failed.add(environment).add(undefined);
    else found.push(...stacks.map(({ name, outputs }) => ({ name, outputs, source: 'synthesized now' })));
  }
  return [
    ...found,
    ...written
      .filter(({ environment }) => !synthesize || failed.has(environment))
      .map((stack) => asPlace(stack, project.directory)),
  ];
}

async function freshStacks(
  project: CdktfProject,
  environment: string,
  refuse: (message: string) => void,
): Promise<SynthesizedStack[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'strata-synthesized-'));
  try {
    await synthesizeEnvironment(project, environment, folder);
    return synthesizedStacks(folder);
  } catch (error) {
    refuse((error as Error).message);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function otherStacks(directory: string, folder: string, problems: string[]): Place[] {
  const path = resolve(directory, folder);
  const before = problems.length;
  const stacks = readStacks(path, problems);
  if (stacks.length === 0 && problems.length === before)
    problems.push(`${path}: has no synthesized stack; pass a folder that cdktf synth wrote to, such as cdktf.out`);
  return stacks.map((stack) => asPlace(stack, directory));
}

function readStacks(folder: string, problems: string[]): SynthesizedStack[] {
  try {
    return synthesizedStacks(folder);
  } catch (error) {
    problems.push((error as Error).message);
    return [];
  }
}

function asPlace({ name, folder, writtenAt, outputs }: SynthesizedStack, directory: string): Place {
  return {
    name,
    outputs,
    source: `${shortPath(directory, folder)} of ${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  };
}

async function deployedStates(
  backends: readonly StateBackend[],
  directory: string,
  problems: string[],
): Promise<Place[]> {
  // Environments usually share a backend.
  const distinct = new Map(backends.map((backend) => [JSON.stringify(backend), backend]));
  const found = new Map<string, Place>();
  for (const backend of distinct.values()) {
    const inventory = await readInventory(backend, { workingDirectory: directory });
    problems.push(...inventory.problems);
    for (const { name, location, outputs } of inventory.states) {
      found.set(location, {
        name,
        outputs,
        source: backend.type === 'local' ? shortPath(directory, location) : location,
      });
    }
  }
  return [...found.values()];
}

/** A path relative to the project's folder if it is inside, else absolute. */
function shortPath(directory: string, path: string): string {
  const short = relative(directory, path);
  return short === '' || short.startsWith('..') ? path : short;
}
