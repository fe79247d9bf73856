// What a plan refuses whatever the command is: real Terraform, on layers of nothing but `terraform_data`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleasedResource } from '@strata/core';
import { LayerStack, type LayerProps } from '@strata/layer';
import { DataResource, Testing } from 'cdktf';
import { terraform, terraformTest } from '../../../support/terraform';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-protection-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(services: readonly string[], more: Partial<LayerProps> = {}, released: readonly string[] = []): void {
  const stack = new LayerStack(Testing.app(), 'web', {
    project: 'shop',
    environment: 'dev',
    region: 'ap-northeast-2',
    state: { type: 'local', directory: join(folder, 'state') },
    ...more,
    layer: { stackId: 'web', owner: 'team-web', version: '1.0.0' },
  });
  const preventDestroy = more.deletionProtection ?? true;
  for (const name of services) new DataResource(stack, name, { lifecycle: { preventDestroy } });
  for (const name of released) new ReleasedResource(stack, name, { type: 'terraform_data' });
  const json = JSON.parse(Testing.synth(stack)) as { provider?: object; terraform: { required_providers?: object } };
  // Nothing here is AWS's, so its provider is not needed.
  delete json.provider;
  delete json.terraform.required_providers;
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
}

/** The layer as the version before this one wrote it. */
function writeVersionBefore(services: readonly string[]): void {
  const file = join(folder, 'cdk.tf.json');
  write(services);
  const json = JSON.parse(readFileSync(file, 'utf8')) as { resource: { terraform_data: Record<string, object> } };
  const { region: _region, deletion_protection: _list, ...others } = json.resource.terraform_data;
  writeFileSync(file, JSON.stringify({ ...json, resource: { terraform_data: others } }));
}

function run(...args: readonly string[]): string {
  const { stdout, stderr } = terraform([...args, '-no-color'], folder);
  return `${stdout}${stderr}`.replaceAll(/\s*\n[│\s]*/g, ' ');
}

terraformTest('a plan refuses to lose what is protected, also where it is gone from the configuration', () => {
  write(['app-web', 'app-was']);
  run('init', '-input=false');
  expect(run('apply', '-auto-approve')).toContain('Resources: 5 added');

  write(['web', 'app-was']);
  expect(run('plan')).toContain(
    'terraform_data.deletion_protection["terraform_data.app-web"] has lifecycle.prevent_destroy set',
  );
  write([]);
  expect(run('plan')).toContain('terraform_data.deletion_protection["terraform_data.app-was"]');
  write(['app-web', 'app-was', 'new']);
  expect(run('plan')).toContain('2 to add, 0 to change, 0 to destroy');

  write(['app-was'], {}, ['app-web']);
  expect(run('plan')).toContain('terraform_data.app-web will no longer be managed by Terraform');

  writeVersionBefore(['app-web', 'app-was']);
  expect(run('plan')).toContain('0 to add, 0 to change, 3 to destroy');

  write(['app-was'], { deletionProtection: false });
  expect(run('apply', '-auto-approve')).toContain('3 destroyed');
});

terraformTest('a plan refuses another region than that of the state', () => {
  write(['app-was'], { deletionProtection: false, region: 'eu-west-1' });
  expect(run('plan')).toContain(
    `region: "eu-west-1" is not the region of this layer's state, which is "ap-northeast-2"`,
  );
  write(['app-was'], { deletionProtection: false });
  expect(run('plan')).toContain('No changes');
});
