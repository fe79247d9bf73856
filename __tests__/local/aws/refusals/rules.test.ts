import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { RULES } from '../../../../local/aws/refusals/rules';
import { rulesTable } from '../../../../local/aws/refusals/rules-table';

const folder = join(__dirname, '../../../../local/aws/refusals/rules');
/** Files that are no rule: what rules share. */
const SHARED = ['index', 'lookups', 'policy-documents', 'rule', 'schedule-expression', 'service-role-trust'];
const files = readdirSync(folder)
  .map((file) => file.replace('.ts', ''))
  .filter((file) => !SHARED.includes(file));

describe('the rules of the emulator', () => {
  it('are all in the index', () => {
    expect(RULES).toHaveLength(files.length);
  });

  it('each have a test that names them', () => {
    const titles = ['rules-network', 'rules-services']
      .flatMap((file) => readFileSync(join(__dirname, `${file}.test.ts`), 'utf8').match(/\bit\('[^']*/g) ?? [])
      .join('\n');
    expect(files.filter((file) => !titles.includes(file))).toEqual([]);
  });

  it('each say what is refused, and where AWS says so', () => {
    for (const { what, source, operations } of RULES) {
      expect(what).toMatch(/^[^|\n]+[^.|\n]$/);
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(operations.length).toBeGreaterThan(0);
    }
  });
});

it('docs/emulator.md has the table of the rules', () => {
  const docs = readFileSync(join(__dirname, '../../../../docs/emulator.md'), 'utf8');
  expect(docs).toContain(rulesTable());
});
