import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const script = path.resolve(__dirname, '../../../scripts/synth/finished-recoveries.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'strata-finished-'));
const file = path.join(folder, '.strata/recover/shop/dev/network.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with a Terraform that prints a state's resources. */
function drop(terraform: string): boolean {
  mkdirSync(path.dirname(file), { recursive: true });
  mkdirSync(path.join(folder, 'out/dev/network'), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({
      imports: [
        { to: 'aws_vpc.a', id: 'vpc-1' },
        { to: 'aws_subnet.b', id: 'subnet-1' },
      ],
    }),
  );
  const program = path.join(folder, 'terraform');
  writeFileSync(program, `#!/bin/sh\n${terraform}\n`);
  chmodSync(program, 0o755);
  const code = `import { dropFinishedRecoveries } from ${JSON.stringify(pathToFileURL(script).href)};
    await dropFinishedRecoveries(${JSON.stringify(folder)}, ${JSON.stringify(path.join(folder, 'out'))});`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: { ...process.env, TERRAFORM_BINARY_NAME: program },
  });
  return !existsSync(file);
}

test('a recovery is taken away once the state of its layer has all of it', () => {
  expect(
    drop(
      '[ "$1 $2" = "state list" ] && [ "$(basename "$PWD")" = network ] && printf "aws_vpc.a\\naws_subnet.b\\naws_eip.c\\n"',
    ),
  ).toBe(true);
});

test('one that was imported in part stays', () => {
  expect(drop('echo aws_vpc.a')).toBe(false);
});

test('one stays whose state cannot be read', () => {
  expect(drop('exit 1')).toBe(false);
});
