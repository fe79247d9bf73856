// What is configured is data: the real Terraform gives back each text as it was written.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { terraformJson } from '@strata/core';
import { escapeTemplates } from '@strata/core/config';
import { DataResource, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { terraform, terraformTest } from '../../../support/terraform';

const TEXTS = ['${1+1}', '${MAX}', '%{ if x }', 'data/${aws:PrincipalTag/team}/*', '$${twice}', '100% {of} $5', '$$ {'];

terraformTest('a text with what looks like a template arrives as it is, alone, in JSON and beside a token', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-templates-'));
  try {
    const stack = new TerraformStack(Testing.app(), 'texts');
    const token = new DataResource(stack, 'token', {}).id;
    const texts = escapeTemplates(TEXTS);
    new TerraformOutput(stack, 'plain', { value: texts, staticId: true });
    new TerraformOutput(stack, 'json', { value: terraformJson(texts), staticId: true });
    new TerraformOutput(stack, 'mixed', {
      value: terraformJson(texts.map((text) => `${token} ${text}`)),
      staticId: true,
    });
    new TerraformOutput(stack, 'keys', { value: escapeTemplates({ '${a}': '%{b}' }), staticId: true });
    writeFileSync(path.join(folder, 'cdk.tf.json'), Testing.synth(stack));
    for (const args of [
      ['init', '-input=false'],
      ['apply', '-auto-approve', '-input=false'],
    ]) {
      const { status, stdout, stderr } = terraform(args, folder);
      if (status !== 0) throw new Error(stdout + stderr);
    }
    const { plain, json, mixed, keys } = JSON.parse(terraform(['output', '-json'], folder).stdout) as Record<
      string,
      { value: unknown }
    >;
    expect(plain!.value).toEqual(TEXTS);
    expect(JSON.parse(String(json!.value))).toEqual(TEXTS);
    expect((JSON.parse(String(mixed!.value)) as string[]).map((text) => text.replace(/^\S+ /, ''))).toEqual(TEXTS);
    expect(keys!.value).toEqual({ '${a}': '%{b}' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
