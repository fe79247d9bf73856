// The variants that `npm run synth:diff` compares are valid, and set every option that there is.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '@strata/core/config';
import { readEnvironment } from '@strata/layer';
import { environmentConfig } from '@strata/layer/config';
import { bootstrapConfig } from '@strata/stack-bootstrap/config';
import { ciCdConfig } from '@strata/stack-ci-cd/config';
import { computeConfig } from '@strata/stack-compute/config';
import { jobsConfig } from '@strata/stack-jobs/config';
import { mlConfig } from '@strata/stack-ml/config';
import { networkConfig } from '@strata/stack-network/config';
import { registryConfig } from '@strata/stack-registry/config';
import * as z from 'zod';
import { withNamePrefix } from '../../modules/layer/environment/name-prefix';
import { missingOptions } from '../support/missing-options';

interface SynthCase {
  readonly name: string;
  readonly context: {
    readonly project: string;
    readonly environment: string;
    readonly environments: Readonly<Record<string, object>>;
  };
}

/** As in main.ts. */
const layers = {
  bootstrap: bootstrapConfig.optional(),
  network: networkConfig.prefault({}),
  registry: registryConfig.prefault({}),
  ml: mlConfig.optional(),
  jobs: jobsConfig.optional(),
  compute: computeConfig.prefault({}),
  'ci-cd': ciCdConfig.optional(),
};

const root = resolve(__dirname, '../..');
const script = pathToFileURL(join(root, 'scripts/synth-diff/cases.mjs')).href;
const program = `import { synthCases } from ${JSON.stringify(script)}; console.log(JSON.stringify(synthCases(${JSON.stringify(root)})));`;
const cases = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }),
) as SynthCase[];

test.each(cases.map(({ name, context }) => [name, context] as const))('%s is a valid environment', (_name, context) => {
  expect(problemsOf(context)).toEqual([]);
});

test('each option is set by a variant: each value of an enum, each alternative of a union, each text and number to something else than the default', () => {
  const environments = cases.map(({ context }) => {
    const all = withNamePrefix(context.environments, layers) as typeof context.environments;
    return all[context.environment];
  });
  const schema = environmentConfig.extend({
    owners: z.partialRecord(z.enum(Object.keys(layers)), z.string()).default({}),
    layers: z.strictObject(layers),
  });
  expect(missingOptions(schema, environments, 'environment')).toEqual([]);
});

function problemsOf(context: SynthCase['context']): readonly string[] {
  try {
    readEnvironment({ context, layers });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
