import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface TerraformFile {
  readonly resource?: Record<string, Record<string, unknown>>;
  readonly data?: Record<string, Record<string, unknown>>;
}

export interface ResourceCount {
  readonly resources: number;
  readonly dataSources: number;
}

/** Counts what the synthesized files of `folder` declare. */
export function countResources({
  folder,
  format,
}: {
  readonly folder: string;
  readonly format: 'terraform' | 'cloudformation';
}): ResourceCount {
  const suffix = format === 'terraform' ? 'cdk.tf.json' : '.template.json';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(suffix));
  const documents = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown);
  if (format === 'terraform') {
    return {
      resources: sum(documents.map((document) => blocks((document as TerraformFile).resource))),
      dataSources: sum(documents.map((document) => blocks((document as TerraformFile).data))),
    };
  }
  const types = documents.flatMap((document) =>
    Object.values((document as { Resources: Record<string, { Type: string }> }).Resources).map(({ Type }) => Type),
  );
  return { resources: types.filter((type) => type !== 'AWS::CDK::Metadata').length, dataSources: 0 };
}

function blocks(section: TerraformFile['resource'] = {}): number {
  return sum(Object.values(section).map((named) => Object.keys(named).length));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
