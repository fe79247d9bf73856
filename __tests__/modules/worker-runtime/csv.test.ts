import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvCell, writeCsv } from '../../../modules/worker-runtime/results/csv';

describe('a result as CSV', () => {
  it.each([
    '=HYPERLINK("https://example.com","click")',
    '+1+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1+1',
    '＝1+1',
  ])('makes a text of what a spreadsheet would run: %j', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  });

  it.each([
    [-0.4, '-0.4'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
    ['plain', 'plain'],
    ['a - b', 'a - b'],
    ['a "b", c', '"a ""b"", c"'],
    ['two\nlines', '"two\nlines"'],
    [{ a: 1, b: '=1' }, '"{""a"":1,""b"":""=1""}"'],
  ])('writes %j as %s', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('has a column for each name, its title no formula either, and an empty cell where a row lacks it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-csv-'));
    try {
      const [rows, csv] = [join(folder, 'rows'), join(folder, 'csv')];
      writeFileSync(rows, '{"a":1,"=b":"x"}\n{"a":2,"c":"not a column"}\n');
      await writeCsv(rows, ['a', '=b'], csv);
      expect(readFileSync(csv, 'utf8')).toBe("\ufeffa,'=b\r\n1,x\r\n2,\r\n");
      await expect(writeCsv(join(folder, 'absent'), ['a'], csv)).rejects.toThrow('ENOENT');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
