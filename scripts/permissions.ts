import { permissionsCommand } from './permissions/command';
import { runCommand } from '../local/toolchain';

runCommand(() => permissionsCommand(process.cwd(), (text) => process.stdout.write(`${text}\n`)));
