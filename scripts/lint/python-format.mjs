// Holds that Python is laid out as ruff does it at 120 columns, and that no line of code is longer.
// Usage: node scripts/lint/python-format.mjs [--write]
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from '@wasm-fmt/ruff_fmt';

const WIDTH = 120;
const write = process.argv.includes('--write');
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.py'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '');

const problems = files.flatMap((file) => {
  const before = readFileSync(file, 'utf8');
  const after = format(before, file, { indent_style: 'space', indent_width: 4, line_width: WIDTH });
  if (write && before !== after) writeFileSync(file, after);
  const layout = write || before === after ? [] : [`${file} is not formatted: npm run format`];
  // The formatter leaves texts and comments as they are.
  const long = after
    .split('\n')
    .flatMap((line, index) =>
      [...line].length > WIDTH ? [`${file}:${index + 1} has ${[...line].length} characters; at most ${WIDTH}`] : [],
    );
  return [...layout, ...long];
});
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? `${files.length} Python files are well formatted.` : `${problems.length} problems.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
