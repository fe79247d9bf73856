import path from 'node:path';
import { runCommand } from '../local/toolchain';
import { changesCommand } from './changes/command';

runCommand(() => changesCommand(path.resolve(__dirname, '..'), (text) => process.stdout.write(`${text}\n`)));
