#!/usr/bin/env node
// The command `strata-contracts`: questions about contracts on the command line.
import { inventoryCommand } from './inventory/command';
import { whoBreaksCommand } from './who-breaks/command';

const USAGE = `Usage: strata-contracts <command>

Commands:
  who-breaks <layer>   who breaks if a layer's contract is published; --help lists its options
  inventory            the states that are deployed, with the contract each publishes and reads
  help                 this text
`;

const write = (text: string): void => void process.stdout.write(text);

async function run([command = 'help', ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'who-breaks':
      return whoBreaksCommand(args, { directory: process.cwd(), usage: 'npx strata-contracts who-breaks', write });
    case 'inventory':
      return inventoryCommand(args, { directory: process.cwd(), write });
    case 'help':
    case '--help':
    case '-h':
      write(USAGE);
      return 0;
    default:
      process.stderr.write(`unknown command "${command}"; use who-breaks or inventory\n\n${USAGE}`);
      return 2;
  }
}

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
