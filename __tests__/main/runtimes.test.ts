import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageNodeVersion, nodeBinary } from '../../local/node-versions';
import cdktfJson from '../../cdktf.json';

const root = join(__dirname, '../..');
const MAJORS = [20, 22, 24];
const folder = mkdtempSync(join(tmpdir(), 'strata-runtimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program to its end; its standard output. */
function run(program: string, args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`ended with ${code}:\n${errors}`))));
  });
}

/** Every stack of every environment, as synthesized by a Node.js: its JSON by environment and layer. */
async function synthesize(node: string, name: string): Promise<Record<string, string>> {
  const stacks: Record<string, string> = {};
  for (const environment of Object.keys(cdktfJson.context.environments)) {
    const outdir = join(folder, `${name}-${environment}`);
    await run(node, [join(root, 'scripts/synth.mjs')], {
      STRATA_ENVIRONMENT: environment,
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...cdktfJson.context, environment }),
      CDKTF_OUTDIR: outdir,
    });
    for (const file of readdirSync(outdir, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('cdk.tf.json')) stacks[`${environment} ${file}`] = readFileSync(join(outdir, file), 'utf8');
  }
  return stacks;
}

let expected: Promise<Record<string, string>> | undefined;

for (const major of MAJORS) {
  const node = nodeBinary(major);
  // With CI=true jest does not start without them.
  const tried = node === undefined ? test.skip : test;
  const why = node === undefined ? ': it is not installed here, jest said why at its start' : '';

  tried(
    `Node.js ${major} synthesizes every environment to the JSON that this one gives${why}`,
    async () => {
      expect(await run(node!, ['--version'])).toMatch(`v${major}.`);
      const stacks = await synthesize(node!, String(major));
      expect(Object.keys(stacks).length).toBeGreaterThan(Object.keys(cdktfJson.context.environments).length);
      expect(stacks).toEqual(await (expected ??= synthesize(process.execPath, 'this')));
    },
    180_000,
  );
}

test('both images ship with a version that is tried here', () => {
  for (const dockerfile of ['scripts/images/Dockerfile', 'sagemaker/endpoint/Dockerfile'])
    expect(MAJORS).toContain(imageNodeVersion(join(root, dockerfile)));
});
