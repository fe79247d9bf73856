import { runCommand } from '../local/toolchain';
import { examine, report } from './doctor/checks';

runCommand(async () => {
  const findings = await examine();
  process.stdout.write(`${report(findings)}\n`);
  return findings.some((finding) => finding.state === 'problem') ? 1 : 0;
});
