// What an image says is in it, for an app as this machine builds it; __tests__/images looks into the images.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

// Each test starts several programs, and the machine may be busy with other tests.
jest.setTimeout(120_000);

const root = join(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'strata-inventory-'));
const [dist, metafile] = [join(folder, 'dist'), join(folder, 'metafile.json')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string, ...args: string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [join(root, script), ...args], { encoding: 'utf8' });
}
const inventory = (...args: string[]) =>
  run('scripts/images/inventory/cli.mjs', 'app-web', `--metafile=${metafile}`, `--folder=${dist}`, ...args);
const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
const componentNames = (): string[] =>
  (JSON.parse(read('sbom.cdx.json')) as { components: { name: string }[] }).components.map(({ name }) => name);

beforeAll(() => {
  const { status, stderr } = run('scripts/images/build.mjs', 'app-web', `--outdir=${dist}`, `--metafile=${metafile}`);
  expect([status, stderr]).toEqual([0, '']);
});

test('the same build has the same SBOM and notices, and no licence stands twice', () => {
  expect(inventory()).toMatchObject({ status: 0, stderr: '' });
  const first = [read('sbom.cdx.json'), read('THIRD-PARTY-NOTICES')];
  expect(inventory().status).toBe(0);
  expect([read('sbom.cdx.json'), read('THIRD-PARTY-NOTICES')]).toEqual(first);
  expect(componentNames()).toEqual(expect.arrayContaining(['express', 'undici', 'node']));
  const texts = first[1]!.split(/^=+$/m).filter((_part, index) => index % 2 === 0);
  expect(new Set(texts).size).toBe(texts.length);
});

test('a package of which nothing is left in the bundle is in neither', () => {
  const whole = JSON.parse(readFileSync(metafile, 'utf8')) as {
    outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
  };
  for (const { inputs } of Object.values(whole.outputs))
    for (const [file, input] of Object.entries(inputs))
      if (file.includes('node_modules/helmet/')) input.bytesInOutput = 0;
  const without = join(folder, 'without.json');
  writeFileSync(without, JSON.stringify(whole));
  expect(inventory(`--metafile=${without}`).status).toBe(0);
  expect(componentNames()).not.toContain('helmet');
  expect(read('THIRD-PARTY-NOTICES')).not.toContain('helmet');
});

test('a package without a licence text is refused, unless its text is given or names no owner', () => {
  const add = (name: string, license: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    const file = join(folder, name, 'package.json');
    writeFileSync(file, JSON.stringify({ name, version: '1.0.0', license }));
    return relative(join(root, 'app-web'), file);
  };
  const parts = join(folder, 'parts.json');
  const packages = [add('bare', 'MIT'), add('standard', 'Apache-2.0')];
  writeFileSync(parts, JSON.stringify({ packages }));
  const refused = inventory(`--parts=${parts}`);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('no licence text for bare 1.0.0 (MIT): the package carries none');
  expect(refused.stderr).not.toContain('standard 1.0.0');

  writeFileSync(parts, JSON.stringify({ packages, licenses: { bare: 'The licence of bare.' } }));
  expect(inventory(`--parts=${parts}`)).toMatchObject({ status: 0, stderr: '' });
  expect(read('THIRD-PARTY-NOTICES')).toContain('\nbare 1.0.0 (MIT)\n');
  expect(read('THIRD-PARTY-NOTICES')).toContain('\nThe licence of bare.\n');
  expect(read('THIRD-PARTY-NOTICES')).toContain('\nstandard 1.0.0 (Apache-2.0)\n');
});
