import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recoveryFile } from '@strata/layer/recovery';
import { recover } from '../../../local/recover';

const before = process.cwd();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'strata-recover-refusals-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

/** A project whose app writes one stack. */
function project(stack: object, app = 'node app.mjs'): void {
  writeFileSync('cdktf.json', JSON.stringify({ app, context: { environment: 'dev' } }));
  const manifest = { stacks: { network: { workingDirectory: 'dev/network' } } };
  writeFileSync(
    'app.mjs',
    `import { mkdirSync, writeFileSync } from 'node:fs';
     const out = process.env.CDKTF_OUTDIR;
     if (JSON.parse(process.env.CDKTF_CONTEXT_JSON).environment !== 'dev') process.exit(9);
     mkdirSync(out + '/dev/network', { recursive: true });
     writeFileSync(out + '/manifest.json', ${JSON.stringify(JSON.stringify(manifest))});
     writeFileSync(out + '/dev/network/cdk.tf.json', ${JSON.stringify(JSON.stringify(stack))});`,
  );
}

const tags = { project: 'shop', environment: 'dev', layer: 'network' };
const provider = { aws: [{ region: 'eu-west-1', default_tags: [{ tags }] }] };
const attempt = (layer = 'network') => recover({ layer, progress: () => undefined });

test('with state in HCP Terraform it says what to do by hand, and leaves a recovery as it is', async () => {
  project({ terraform: { cloud: { organization: 'shop' } }, provider });
  const file = recoveryFile({ project: 'shop', environment: 'dev', layer: 'network' });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '{"imports":[]}');
  await expect(attempt()).rejects.toThrow(
    /the state of "network" is in HCP Terraform, which this does not recover[^]*terraform import <address> <id>/,
  );
  expect(readFileSync(file, 'utf8')).toBe('{"imports":[]}');
});

test('another layer is refused with those that there are', async () => {
  project({ terraform: { backend: { local: {} } }, provider });
  await expect(attempt('netwrok')).rejects.toThrow('"netwrok" is not a layer of this environment; use one of network');
});

test('a stack without the tags of a layer is refused', async () => {
  project({ terraform: { backend: { local: {} } }, provider: { aws: [{ region: 'eu-west-1' }] } });
  await expect(attempt()).rejects.toThrow('stack "network" has no tags of a layer (project, environment, layer)');
});

test('an app that fails is shown as it fails', async () => {
  project({}, 'echo "natGateways: singel is not allowed" >&2; exit 1');
  await expect(attempt()).rejects.toThrow('natGateways: singel is not allowed');
});

test('a folder without a cdktf.json is refused', async () => {
  await expect(attempt()).rejects.toThrow('has no cdktf.json; run this where you run cdktf');
});
