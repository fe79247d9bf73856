import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { examine, report } from '../../../scripts/doctor/checks';
import { freePort } from '../../../local/aws/moto';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-doctor-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the doctor', () => {
  it('finds everything that is missing at once, each with a fix of one line', async () => {
    const findings = await examine({
      root,
      environment: { PATH: '', STRATA_EMULATOR_PORT: 'x', AWS_PROFILE: 'real' },
      nodeVersion: '18.1.0',
      mirrorParents: [root],
      registryUrl: 'http://127.0.0.1:9/',
    });
    expect(findings.map((finding) => [finding.subject, finding.state])).toEqual([
      ['node', 'problem'],
      ['terraform', 'problem'],
      ['providers', 'problem'],
      ['moto', 'problem'],
      ['port', 'problem'],
      ['AWS environment', 'warning'],
    ]);
    for (const finding of findings) expect(finding.fix).toMatch(/^\S[^\n]+$/);
    expect(report(findings)).toContain(
      "x   terraform        no 'terraform' on PATH\n                     -> install Terraform 1.10.0 or newer",
    );
  });

  it('is content with a free port, a mirror and no AWS environment', async () => {
    mkdirSync(join(root, 'mirror', 'registry.terraform.io', 'hashicorp', 'aws', '6.0.0'), { recursive: true });
    const port = await freePort();
    const findings = await examine({
      root,
      environment: { PATH: '', STRATA_EMULATOR_PORT: String(port) },
      mirrorParents: [root],
    });
    const well = findings
      .filter((finding) => finding.state === 'ok')
      .map((finding) => `${finding.subject}: ${finding.text}`);
    expect(well).toEqual([
      `node: ${process.versions.node}`,
      `providers: filesystem mirror ${join(root, 'mirror')}`,
      `port: ${port} is free`,
      'AWS environment: none; `npm start` sets its own, for a shell: eval "$(npm run -s emulator)"',
    ]);
  });
});
