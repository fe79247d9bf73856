import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Terraform } from './terraform';

/**
 * The version of the AWS provider that Terraform chooses here.
 * @param folder for Terraform to choose in
 * @throws Error where it can choose none
 */
export async function providerVersion(folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const required = { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } };
  writeFileSync(
    path.join(folder, 'providers.tf.json'),
    JSON.stringify({ terraform: { required_providers: required } }),
  );
  // Terraform locks no provider that runs already.
  const { TF_REATTACH_PROVIDERS: _, ...own } = environment;
  await new Terraform(folder, own).init();
  const locked = readFileSync(path.join(folder, '.terraform.lock.hcl'), 'utf8');
  const version = /hashicorp\/aws" \{\s*version\s*=\s*"([^"]+)"/.exec(locked)?.[1];
  if (version === undefined) throw new Error(`terraform init locked no version of hashicorp/aws in ${folder}`);
  return version;
}
