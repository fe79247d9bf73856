import path from 'node:path';
import { runCommand } from '../local/toolchain';
import { contractsCommand } from './contracts/command';

runCommand(() =>
  contractsCommand(path.resolve(__dirname, '..'), process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
