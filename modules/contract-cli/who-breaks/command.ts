import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ContractDescription } from '@strata/contract';
import { backendOf } from './backend-argument';
import { readContractFile } from './contract-file';
import { byMessage, environmentsInWords } from './environments';
import { findReaders, type FoundReaders } from './find-readers';
import { report, type PreviousContract } from './report';

/** Defaults that the caller knows. */
export interface WhoBreaksSetup {
  /** Folder of the CDKTF project; paths are relative to it. */
  readonly directory: string;
  /** The contract about to be published, if no file is passed. @default a file must be passed */
  readonly contractOf?: (layer: string) => Promise<ContractDescription>;
  /** The previous contract, if no file is passed. @default unknown */
  readonly previousOf?: (layer: string) => PreviousContract | undefined;
  /** How the command is started, shown in its usage text. */
  readonly usage: string;
  readonly write: (text: string) => void;
}

export const NOBODY_BREAKS = 0;
export const SOMEBODY_BREAKS = 1;
/** No break was found, but not everything could be searched; or the command was misused. */
export const CANNOT_TELL = 2;

const OPTIONS = {
  contract: { type: 'string' },
  before: { type: 'string' },
  synthesized: { type: 'string', multiple: true },
  state: { type: 'string', multiple: true },
  'no-synth': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Answers "Who breaks if I publish this?" on the command line.
 * @returns the exit code: 0 no reader breaks, 1 at least one breaks, 2 unknown
 */
export async function whoBreaksCommand(args: readonly string[], setup: WhoBreaksSetup): Promise<number> {
  const { write } = setup;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help === true) {
      write(usage(setup));
      return NOBODY_BREAKS;
    }
    const [layer, ...more] = positionals;
    if (layer === undefined || more.length > 0)
      throw new Error(`${layer === undefined ? 'no layer is' : 'more than one layer is'} named\n\n${usage(setup)}`);

    const candidate = await candidateOf(layer, values.contract, setup);
    const previous =
      values.before === undefined
        ? setup.previousOf?.(layer)
        : { contract: contractAt(setup, values.before, layer), from: values.before };
    const found = await findReaders({
      layer,
      directory: setup.directory,
      synthesized: values.synthesized,
      backends: values.state?.map(backendOf),
      synthesize: values['no-synth'] !== true,
    });
    const { text, breaks, complete } = report(
      candidate,
      values.contract === undefined ? found : withoutRefusals(found),
      previous,
    );
    write(text);
    return breaks ? SOMEBODY_BREAKS : complete ? NOBODY_BREAKS : CANNOT_TELL;
  } catch (error) {
    write(`${(error as Error).message}\n`);
    return CANNOT_TELL;
  }
}

/** An environment that rejects the project's contract says nothing about a contract from a file. */
function withoutRefusals(found: FoundReaders): FoundReaders {
  const problems = byMessage(found.refusals).map(
    ({ message, environments }) => `${environmentsInWords(environments)} cannot be synthesized: ${message}`,
  );
  return { ...found, refusals: [], problems: [...found.problems, ...problems] };
}

async function candidateOf(
  layer: string,
  file: string | undefined,
  setup: WhoBreaksSetup,
): Promise<ContractDescription> {
  if (file !== undefined) return contractAt(setup, file, layer);
  if (setup.contractOf === undefined)
    throw new Error('no contract given; pass the one to be published with --contract <contract.json>');
  return setup.contractOf(layer);
}

function contractAt({ directory }: WhoBreaksSetup, file: string, layer: string): ContractDescription {
  const contract = readContractFile(resolve(directory, file));
  if (contract.layer !== layer)
    throw new Error(`${file}: is the contract of layer "${contract.layer}", not of "${layer}"`);
  return contract;
}

function usage({ usage: start, contractOf }: WhoBreaksSetup): string {
  return `${start} <layer> [options]

Finds everyone who reads a layer's contract, in the synthesized stacks and the deployed states of every environment in cdktf.json,
and says who breaks if it is published. Exit code: 0 no reader breaks, 1 at least one breaks, 2 something could not be searched.

  --contract <file>     the contract.json to be published${contractOf === undefined ? '' : " (default: the layer's package)"}
  --before <file>       the contract.json that it replaces; detects a retyped output
  --synthesized <dir>   further synthesized stacks, such as another repository's cdktf.out; may be repeated
  --state <json>        a further state backend, as in cdktf.json; may be repeated
  --no-synth            take the stacks in cdktf.out as they are instead of synthesizing each environment
`;
}
