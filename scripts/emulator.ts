import { existsSync, readFileSync } from 'node:fs';

import { chooseProviderSource, runCommand, UserError } from '../local/toolchain';
import { resetEmulator, startEmulator, stopEmulator, portOwner } from '../local/aws/emulator';
import { emulatorEnvironment, shellLines } from '../local/aws/environment';
import { locate } from '../local/aws/location';

const HELP = `Usage: npm run -s emulator [-- <command>]

Without a command: starts the AWS emulator in the background unless it runs, and prints the environment that
points Terraform, CDKTF, the AWS CLI and the SDKs at it. In a shell:

  eval "$(npm run -s emulator)"

Commands:
  env      print that environment, without starting anything
  status   say whether it runs; exit code 1 when it does not
  stop     end it; everything in it is forgotten
  reset    empty it, without ending it
  logs     print its log
  help     this text

STRATA_EMULATOR_PORT chooses the port (5555). STRATA_EMULATOR_REFUSALS, read at the start, chooses what is refused
as AWS refuses it: off, or a list of models, rules and iam (all of them).
`;

async function main(): Promise<number> {
  const [command = 'start'] = process.argv.slice(2);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (['help', '--help', '-h'].includes(command)) {
    process.stdout.write(HELP);
    return 0;
  }
  const location = locate();
  switch (command) {
    case 'start':
    case 'env': {
      const source = chooseProviderSource({ generatedPath: location.terraformConfig });
      if (command === 'start') {
        const started = await startEmulator(location, { progress: say });
        if (started) say(`the AWS emulator runs on ${location.endpoint}`);
      }
      if (process.stdout.isTTY) say('to use it in this shell: eval "$(npm run -s emulator)"\n');
      process.stdout.write(shellLines(emulatorEnvironment(location, source)));
      return 0;
    }
    case 'status': {
      const owner = await portOwner(location);
      if (owner.kind === 'this')
        say(`runs on ${location.endpoint} (pid ${owner.pid})${owner.ready ? '' : ', still starting'}`);
      else if (owner.kind === 'none') say(`does not run; nothing listens on port ${location.port}`);
      else
        say(
          `does not run; port ${location.port} is held by ` +
            `${owner.kind === 'other-program' ? 'something else' : `that of ${owner.root}`}`,
        );
      return owner.kind === 'this' ? 0 : 1;
    }
    case 'stop':
      say((await stopEmulator(location)) ? 'stopped' : 'was not running');
      return 0;
    case 'reset':
      await resetEmulator(location);
      say("emptied; the layers' own Terraform state still lists what was in it, and the next deploy makes that again");
      return 0;
    case 'logs':
      process.stdout.write(existsSync(location.logFile) ? readFileSync(location.logFile) : '');
      return 0;
    default:
      throw new UserError(`unknown command '${command}'\n\n${HELP}`);
  }
}

runCommand(main);
