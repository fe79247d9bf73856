// `npm run contracts`: contracts between layers, as files, against their past, and against their readers.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { whoBreaksCommand } from '@strata/who-breaks';
import { runCommand, UserError } from '../toolchain';
import { checkContracts } from './check';
import { formerContract } from './former-contract';
import { contractOfLayer } from './layer-contracts';
import { writeContracts } from './write';

const ROOT = path.resolve(__dirname, '../..');
/** What `npm test` takes as "could not be checked here". */
const NOT_CHECKED = 77;

const HELP = `Usage: npm run contracts -- <command>

Commands:
  write                  write each layer's contract.json from its contract.ts
  check [--base <ref>]   contract.json is in step, versions were raised far enough, readers here accept them
  who-breaks <layer>     who breaks if the layer's contract is published as it is now; --help lists its options
  help                   this text

Without --base the comparison is with where this branch left its base (STRATA_BASE_REF, the pull request's base, or the default
branch), and on the default branch with the commit before.
`;

async function main(): Promise<number> {
  const [command = 'help', ...args] = process.argv.slice(2);
  switch (command) {
    case 'write':
      return write();
    case 'check':
      return check(args);
    case 'who-breaks':
      return whoBreaksCommand(args, {
        directory: ROOT,
        usage: 'npm run contracts -- who-breaks',
        contractOf: async (layer) => contractOfLayer(ROOT, layer),
        formerOf: (layer) => formerContract(ROOT, layer),
        write: (text) => process.stdout.write(text),
      });
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return 0;
    default:
      throw new UserError(`unknown command "${command}"\n\n${HELP}`);
  }
}

function write(): number {
  const files = writeContracts(ROOT);
  process.stdout.write(files.length === 0 ? 'Every contract.json is in step already.\n' : `Wrote ${files.join(', ')}.\n`);
  return 0;
}

async function check(args: readonly string[]): Promise<number> {
  const { problems, notCompared, summary } = await checkContracts(ROOT, baseFrom(args));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) {
    process.stdout.write(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.\n`);
    return 1;
  }
  process.stdout.write(`${summary}.\n`);
  if (notCompared === undefined) return 0;
  process.stdout.write(`Not checked whether versions were raised far enough: ${notCompared}.\n`);
  return NOT_CHECKED;
}

function baseFrom(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { base: { type: 'string' } } }).values.base;
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${HELP}`);
  }
}

runCommand(main);
