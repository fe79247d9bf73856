// Ten changes, planned again: what docs/changes/ says is still what happens.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Account } from '../../../scripts/changes/account';
import { casesOf } from '../../../scripts/changes/cases';
import type { Layer } from '../../../scripts/changes/layers';
import type { Row } from '../../../scripts/changes/outcome';
import { planAgain } from '../../../scripts/changes/record';
import { isOf, readResults } from '../../../scripts/changes/results';
import { journey } from '../../support/e2e/journey';

const CHOSEN: readonly { readonly layer: Layer; readonly base: string; readonly options: readonly string[] }[] = [
  {
    layer: 'registry',
    base: 'repositories and scanning',
    options: [
      'repositories.*.repositoryName',
      'repositories.*.scanOnPush',
      'repositories.*.imageTagMutability',
      'repositories.*.kmsKeyArn',
      'repositories.*.pullAccountIds',
      'scanning.scanType',
    ],
  },
  {
    layer: 'network',
    base: 'subnets without NAT and endpoints',
    options: ['cidrBlock', 'availabilityZones', 'ipv6'],
  },
];

journey('changes that are recorded', (step) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-changes-'));
  let account: Account | undefined;
  afterAll(async () => {
    await account?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  step('the emulator starts', async () => {
    account = await Account.open(path.join(folder, 'emulator'));
    expect(account.environment.AWS_ENDPOINT_URL).toMatch(/^http:/);
  });

  for (const { layer, base, options } of CHOSEN) {
    step(`${layer}: ${options.join(', ')}`, async () => {
      const changes = casesOf(layer).changes.filter(
        (change) => change.base === base && options.includes(change.option),
      );
      const recorded = readResults(layer)!;
      const rows = await planAgain(layer, base, changes, {
        account: account!,
        folder: path.join(folder, 'layers'),
        provider: recorded.provider,
        say: () => undefined,
      });
      const told = changes.map((change) => ({
        option: change.option,
        now: summary(rows.find((row) => isOf(row, change))),
        recorded: summary(recorded.changes.find((row) => isOf(row, change))),
      }));
      expect(told.map(({ option, now }) => ({ option, ...now }))).toEqual(
        told.map(({ option, recorded: before }) => ({ option, ...before })),
      );
      expect(changes.length).toBeGreaterThanOrEqual(options.length);
    });
  }
});

function summary(row: Row | undefined) {
  return { outcome: row?.outcome, resources: row?.resources, protected: row?.protected };
}
