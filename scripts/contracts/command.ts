// The commands of `npm run contracts`: contracts between layers, as files, against their past, and against their
// readers.
import { parseArgs } from 'node:util';
import { whoBreaksCommand } from '@strata/contract-cli';
import { UserError } from '../../local/toolchain';
import { checkContracts } from './check';
import { previousContract } from './previous-contract';
import { contractOfLayer } from './layer-contracts';
import { writeContracts } from './write';

/** What `npm test` takes as "could not be checked here". */
const NOT_CHECKED = 77;

const HELP = `Usage: npm run contracts -- <command>

Commands:
  write                  write each layer's contract.json from its contract
  check [--base <ref>]   contract.json is in step, versions were raised far enough, readers here accept them
  who-breaks <layer>     who breaks if the layer's contract is published as it is now; --help lists its options
  help                   this text

Without --base the comparison is with where this branch left its base (STRATA_BASE_REF, the pull request's base, or the default
branch), and on the default branch with the commit before.
`;

export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/**
 * Runs a command in a repository of layers.
 * @returns the exit code
 */
export async function contractsCommand(
  root: string,
  [command = 'help', ...args]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  switch (command) {
    case 'write':
      return write(root, terminal);
    case 'check':
      return check(root, args, terminal);
    case 'who-breaks':
      return whoBreaksCommand(args, {
        directory: root,
        usage: 'npm run contracts -- who-breaks',
        contractOf: async (layer) => contractOfLayer(root, layer),
        previousOf: (layer) => previousContract(root, layer),
        write: terminal.out,
      });
    case 'help':
    case '--help':
    case '-h':
      terminal.out(HELP);
      return 0;
    default:
      throw new UserError(`unknown command "${command}"\n\n${HELP}`);
  }
}

function write(root: string, { out }: Terminal): number {
  const files = writeContracts(root);
  out(files.length === 0 ? 'Every contract.json is in step already.\n' : `Wrote ${files.join(', ')}.\n`);
  return 0;
}

async function check(root: string, args: readonly string[], { out, error }: Terminal): Promise<number> {
  const { problems, notCompared, summary } = await checkContracts(root, baseFrom(args));
  for (const problem of problems) error(`${problem}\n`);
  if (problems.length > 0) {
    out(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.\n`);
    return 1;
  }
  out(`${summary}.\n`);
  if (notCompared === undefined) return 0;
  out(`Not checked whether versions were raised far enough: ${notCompared}.\n`);
  return NOT_CHECKED;
}

function baseFrom(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { base: { type: 'string' } } }).values.base;
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${HELP}`);
  }
}
