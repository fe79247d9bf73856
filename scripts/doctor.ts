import { runCommand } from '../local/toolchain';
import { readArguments } from './arguments';
import { examine, report } from './doctor/checks';
import { examineAccount } from './doctor/ask-account';

runCommand(async () => {
  const { values } = readArguments({ aws: { type: 'boolean' } });
  const findings = values.aws === true ? await examineAccount() : await examine();
  process.stdout.write(`${report(findings)}\n`);
  return findings.some((finding) => finding.state === 'problem') ? 1 : 0;
});
