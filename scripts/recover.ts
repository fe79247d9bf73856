// Finds what a killed deploy has made and not saved, for the next deploy to import.
import { recover, report } from '../local/recover';
import { runCommand, UserError } from '../local/toolchain';
import { readArguments } from './arguments';

const HELP = `Usage: npm run recover -- <layer> [--unlock <ID>]

Compares a layer's state with what exists in AWS, after a deploy of it was killed. Shows what is missing from the state
and lets the next deploy import it: npx cdktf deploy <layer>. Nothing in AWS is changed.

  --unlock <ID>   takes away the lock that the killed deploy has left in S3; the error that names the lock has its ID

STRATA_ENVIRONMENT chooses the environment, as for cdktf. docs/state.md explains it.
`;

runCommand(async () => {
  const { values, positionals } = readArguments({ unlock: { type: 'string' }, help: { type: 'boolean', short: 'h' } });
  const [layer, ...others] = positionals;
  if (values.help === true || layer === undefined || others.length > 0) {
    if (values.help !== true) throw new UserError(HELP);
    process.stdout.write(HELP);
    return 0;
  }
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  const recovery = await recover({ layer, unlock: values.unlock, progress });
  process.stdout.write(`\n${report(recovery)}\n`);
  return recovery.leftAlone.length > 0 || recovery.unread.length > 0 ? 1 : 0;
});
