import { parseArgs } from 'node:util';
import type { StateBackend } from '@strata/state/config';
import { backendOf } from '../who-breaks/backend-argument';
import { readCdktfProject } from '../who-breaks/cdktf-project';
import type { DeployedState } from './deployed-state';
import { readInventory } from './inventory';

/** Defaults that the caller knows. */
export interface InventorySetup {
  /** Folder of the CDKTF project; a local backend's directory is relative to it. */
  readonly directory: string;
  readonly write: (text: string) => void;
}

const USAGE = `Usage: strata-contracts inventory [--state <json>]

Lists the states that are deployed in the backends of every environment in cdktf.json, with the contract each publishes and
those it reads. Exit code: 0, or 2 if something could not be searched.

  --state <json>   a further state backend, as in cdktf.json; may be repeated
`;

/**
 * Answers "What is deployed, and who reads whom?" on the command line.
 * @returns the exit code: 0, or 2 when something could not be read or the command was misused
 */
export async function inventoryCommand(args: readonly string[], { directory, write }: InventorySetup): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { state: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) {
      write(USAGE);
      return 0;
    }
    const project = readCdktfProject(directory);
    const backends = [...(project?.environments.values() ?? []), ...(values.state ?? []).map(backendOf)];
    if (backends.length === 0)
      throw new Error(
        `no backend to search: ${directory} has no cdktf.json with environments; pass one with --state\n\n${USAGE}`,
      );
    const { states, problems } = await readAll(backends, directory);
    write(
      states.length === 0
        ? 'Nothing is deployed in the backends that could be read.\n'
        : `${states.map(describe).join('\n')}\n`,
    );
    for (const problem of [...(project?.problems ?? []), ...problems]) write(`not searched: ${problem}\n`);
    return problems.length + (project?.problems.length ?? 0) === 0 ? 0 : 2;
  } catch (error) {
    write(`${(error as Error).message}\n`);
    return 2;
  }
}

async function readAll(backends: readonly StateBackend[], workingDirectory: string) {
  // Environments usually share a backend.
  const distinct = new Map(backends.map((backend) => [JSON.stringify(backend), backend]));
  const found = await Promise.all(
    [...distinct.values()].map((backend) => readInventory(backend, { workingDirectory })),
  );
  const states = new Map(found.flatMap((inventory) => inventory.states).map((state) => [state.location, state]));
  return { states: [...states.values()], problems: found.flatMap(({ problems }) => problems) };
}

function describe({ name, location, outputs }: DeployedState): string {
  const publishes =
    typeof outputs.contract_name === 'string'
      ? `publishes ${outputs.contract_name} ${String(outputs.contract_version)}`
      : 'publishes no contract';
  const consumed = Object.entries(
    (outputs.contract_consumes ?? {}) as Readonly<Record<string, { readonly range?: unknown }>>,
  );
  const reads = consumed.map(([contract, { range }]) => `${contract} ${String(range)}`);
  return `${name}: ${publishes}${reads.length === 0 ? '' : `, reads ${reads.join(', ')}`} (${location})`;
}
