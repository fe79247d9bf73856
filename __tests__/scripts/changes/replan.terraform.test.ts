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

/** One layer, deployed once: most of the time goes into deploying. */
const LAYER: Layer = 'registry';
const BASE = 'repositories and scanning';
const OPTIONS = [
  'repositories.*.repositoryName',
  'repositories.*.scanOnPush',
  'repositories.*.imageTagMutability',
  'repositories.*.kmsKeyArn',
  'repositories.*.expireImages',
  'repositories.*.untaggedExpirationDays',
  'repositories.*.maxTaggedImages',
  'repositories.*.protectedTagPatterns',
  'repositories.*.pullAccountIds',
  'scanning.scanType',
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

  step(`ten changes of ${LAYER} do what is recorded`, async () => {
    const changes = casesOf(LAYER).changes.filter(({ base, option }) => base === BASE && OPTIONS.includes(option));
    const recorded = readResults(LAYER)!;
    const rows = await planAgain(LAYER, BASE, changes, {
      account: account!,
      folder: path.join(folder, 'layers'),
      provider: recorded.provider,
      say: (text) => process.stderr.write(`      ${text}\n`),
    });
    const told = (all: readonly Row[]) =>
      changes.map((change) => ({ option: change.option, ...summary(all.find((row) => isOf(row, change))) }));
    expect(told(rows)).toEqual(told(recorded.changes));
    expect(rows).toHaveLength(10);
  });
});

function summary(row: Row | undefined) {
  return { outcome: row?.outcome, resources: row?.resources, protected: row?.protected };
}
