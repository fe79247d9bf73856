import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { separateWorkingDirectories } from '@strata/layer';

interface Manifest {
  readonly stacks: Readonly<
    Record<
      string,
      {
        readonly workingDirectory: string;
        readonly synthesizedStackPath: string;
        readonly stackMetadataPath: string;
        readonly dependencies: readonly string[];
      }
    >
  >;
}

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'strata-folders-'));
});
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

/** Synthesizes network and compute, which depends on it, as an environment's own. */
function synth(folder: string): Manifest {
  const app = new App({ outdir, stackTraces: false });
  const network = new TerraformStack(app, 'network');
  const compute = new TerraformStack(app, 'compute');
  for (const stack of [network, compute]) new TerraformOutput(stack, 'environment', { value: folder, staticId: true });
  compute.addDependency(network);
  separateWorkingDirectories(app, folder);
  app.synth();
  return JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as Manifest;
}

function environmentIn(file: string): unknown {
  return (JSON.parse(readFileSync(join(outdir, file), 'utf8')) as { output: { environment: { value: unknown } } })
    .output.environment.value;
}

test('the manifest and the files are in a folder of the environment', () => {
  expect(synth('dev').stacks).toMatchObject({
    network: {
      workingDirectory: 'dev/network',
      synthesizedStackPath: 'dev/network/cdk.tf.json',
      stackMetadataPath: 'dev/network/metadata.json',
      dependencies: [],
    },
    compute: {
      workingDirectory: 'dev/compute',
      synthesizedStackPath: 'dev/compute/cdk.tf.json',
      stackMetadataPath: 'dev/compute/metadata.json',
      dependencies: ['network'],
    },
  });
  expect(environmentIn('dev/network/cdk.tf.json')).toBe('dev');
  expect(environmentIn('dev/compute/cdk.tf.json')).toBe('dev');
  expect(existsSync(join(outdir, 'stacks', 'network', 'cdk.tf.json'))).toBe(false);
});

test("environments that take turns leave each other's files alone", () => {
  synth('dev');
  expect(synth('prod').stacks.network).toMatchObject({ workingDirectory: 'prod/network' });
  expect(environmentIn('dev/network/cdk.tf.json')).toBe('dev');
  expect(environmentIn('prod/network/cdk.tf.json')).toBe('prod');
});
