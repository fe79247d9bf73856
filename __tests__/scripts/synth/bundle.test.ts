import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(__dirname, '..', '..', '..');
// Inside the repository, from where cdktf is found.
mkdirSync(join(root, '.strata'), { recursive: true });
const scratch = mkdtempSync(join(root, '.strata', 'bundle-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const script = (name: string): string => JSON.stringify(pathToFileURL(join(root, 'scripts', 'synth', name)).href);
const RUNNER = `
  import { bundle } from ${script('bundle.mjs')};
  import { runCached } from ${script('run-cached.mjs')};
  runCached(await bundle(JSON.parse(process.env.OPTIONS)));
`;

/** Bundles and runs a TypeScript file of the scratch folder; returns what it prints. */
function run(file: string, options: { readonly outdir?: string; readonly traces?: boolean } = {}): string {
  const OPTIONS = JSON.stringify({
    root,
    entry: relative(root, join(scratch, file)),
    folder: join(scratch, 'bundles'),
    traces: options.traces,
  });
  return execFileSync(process.execPath, ['--input-type=module', '--eval', RUNNER], {
    cwd: root,
    env: { ...process.env, OPTIONS, CDKTF_OUTDIR: options.outdir ?? join(scratch, 'out') },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

const TOKENS_OF_ALL_KINDS = `
import { App, Fn, Lazy, TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable, Token } from 'cdktf';
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, 'tokens');
const text = new TerraformVariable(stack, 'text', { type: 'string' });
const list = new TerraformVariable(stack, 'list', { type: 'list(string)' });
const number = new TerraformVariable(stack, 'number', { type: 'number' });
const map = new TerraformVariable(stack, 'map', { type: 'map(string)' });
const values = {
  plain: ['text', '', 'a-e+f', '1e+21', '\${escaped}', '%{ if true }', 0, -1, -1.5, 1e300, NaN, true, undefined, [], {}],
  text: ['before ' + text.stringValue, Fn.upper(text.stringValue), { [text.stringValue]: 'as a key' }],
  list: [list.listValue, Fn.join(',', list.listValue), Token.asNumberList(list.value)],
  number: [number.numberValue, 'in text: ' + number.numberValue, Fn.max([number.numberValue, 1])],
  map: [Token.asStringMap(map.value), Token.asNumberMap(map.value)],
  late: [Lazy.stringValue({ produce: () => 'late' }), Lazy.numberValue({ produce: () => -7 }), Lazy.listValue({ produce: () => ['late'] })],
};
new TerraformLocal(stack, 'local', { ...values, none: null });
for (const [name, value] of Object.entries(values)) new TerraformOutput(stack, name + '-output', { value });
const other = new TerraformStack(app, 'other');
new TerraformOutput(other, 'across-stacks', { value: text.stringValue });
app.synth();
`;

beforeAll(() => {
  writeFileSync(join(scratch, 'tokens.ts'), TOKENS_OF_ALL_KINDS);
  run('tokens.ts', { outdir: join(scratch, 'fast') });
});

test('what the bundle leaves out or does first changes nothing in the output, whatever the token', () => {
  run('tokens.ts', { outdir: join(scratch, 'plain'), traces: true });
  const fast = filesBelow(join(scratch, 'fast'));
  expect(Object.keys(fast)).toContain(join('stacks', 'tokens', 'cdk.tf.json'));
  expect(fast).toEqual(filesBelow(join(scratch, 'plain')));
});

test('each change to cdktf still finds the text it is made to', () => {
  const bundle = readFileSync(join(scratch, 'bundles', 'tokens.js'), 'utf8');
  expect(bundle).toContain('captureStackTrace=()=>[]');
  expect(bundle.match(/isPlain\d*\(\s*[\w[\]]+\s*\)\s*\?/g)).toHaveLength(3);
  expect(bundle).not.toContain('readable-stream');
});

test('a file that changed is bundled again, one that did not is not', () => {
  const file = join(scratch, 'changing.ts');
  const bundle = join(scratch, 'bundles', 'changing.js');
  const before = new Date(Date.now() - 60_000);
  writeFileSync(file, `console.log('one');`);
  utimesSync(file, before, before);
  expect(run('changing.ts')).toBe('one\n');
  const { mtimeMs } = statSync(bundle);
  expect(run('changing.ts')).toBe('one\n');
  expect(statSync(bundle).mtimeMs).toBe(mtimeMs);
  writeFileSync(file, `console.log('two');`);
  expect(run('changing.ts')).toBe('two\n');
});

test('an asset is archived from inside a bundle', () => {
  mkdirSync(join(scratch, 'files'));
  writeFileSync(join(scratch, 'files', 'hello.txt'), 'hello');
  writeFileSync(
    join(scratch, 'asset.ts'),
    `
    import { App, AssetType, TerraformAsset, TerraformStack } from 'cdktf';
    const app = new App();
    const stack = new TerraformStack(app, 'assets');
    new TerraformAsset(stack, 'asset', { path: ${JSON.stringify(join(scratch, 'files'))}, type: AssetType.ARCHIVE });
    app.synth();
  `,
  );
  run('asset.ts', { outdir: join(scratch, 'assets') });
  const files = filesBelow(join(scratch, 'assets'));
  const archive = Object.keys(files).find((file) => file.endsWith('archive.zip'));
  expect(files[archive!]).toMatch(/^PK/);
});
