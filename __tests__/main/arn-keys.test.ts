// Each ARN that a layer's configuration takes is refused when AWS would refuse it there.
import { arnProblems, knowsArnKey } from '@strata/core/rules';
import { bootstrapConfig } from '@strata/stack-bootstrap/config';
import { ciCdConfig } from '@strata/stack-ci-cd/config';
import { computeConfig } from '@strata/stack-compute/config';
import { jobsConfig } from '@strata/stack-jobs/config';
import { mlConfig } from '@strata/stack-ml/config';
import { networkConfig } from '@strata/stack-network/config';
import { registryConfig } from '@strata/stack-registry/config';
import { readEnvironment } from '@strata/layer';
import type * as z from 'zod';

const layers = {
  bootstrap: bootstrapConfig,
  network: networkConfig,
  registry: registryConfig,
  ml: mlConfig,
  jobs: jobsConfig,
  compute: computeConfig,
  'ci-cd': ciCdConfig,
};

/** Every key of a schema, at any depth. */
function keysOf(schema: z.core.$ZodType, seen = new Set<unknown>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const definition = schema._zod.def as unknown as Readonly<Record<string, unknown>>;
  const inner = ['innerType', 'element', 'valueType', 'in', 'out', 'catchall'].map((part) => definition[part]);
  const shape = Object.entries((definition.shape ?? {}) as Record<string, z.core.$ZodType>);
  return [
    ...shape.map(([key]) => key),
    ...[...inner, ...shape.map(([, value]) => value), ...((definition.options ?? []) as unknown[])]
      .filter((part): part is z.core.$ZodType => typeof part === 'object' && part !== null)
      .flatMap((part) => keysOf(part, seen)),
  ];
}

const keys = [...new Set(Object.values(layers).flatMap((schema) => keysOf(schema)))].filter((key) =>
  /Arns?$/.test(key),
);

test('there are ARN keys', () => expect(keys.length).toBeGreaterThan(25));

describe.each(keys)('%s', (key) => {
  const problems = (arn: string) => arnProblems({ [key]: key.endsWith('s') ? [arn] : arn }, 'ap-northeast-2', 'layer');

  test('is known, and nothing else than that is taken', () => {
    expect(knowsArnKey(key)).toBe(true);
    const other = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
    expect(problems(other)).toEqual([expect.stringContaining(`"${other}": it is not the ARN of `)]);
  });
});

test.each([
  ['certificateArn', 'arn:aws:acm:us-east-1:123456789012:certificate/1', 'it is in "us-east-1"'],
  ['certificateArn', 'arn:aws-cn:acm:cn-north-1:123456789012:certificate/1', 'it is of the partition "aws-cn"'],
  ['alarmTopicArn', 'arn:aws:sns:ap-northeast-1:123456789012:alarms', 'use an SNS topic in ap-northeast-2'],
  ['webAclArn', 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/app/1', 'scope REGIONAL (not CLOUDFRONT)'],
  ['webAclArn', 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/app/1', 'it is in "us-east-1"'],
  ['kmsKeyArn', 'arn:aws:kms:ap-northeast-2:123456789012:alias/app', 'a KMS key, not of an alias'],
  ['bucketArn', 'arn:aws-cn:s3:::logs', 'use one of "aws"'],
  ['anything', 'arn:aws-us-gov:s3:::logs', 'it is of the partition "aws-us-gov", and ap-northeast-2 is in "aws"'],
])('%s %s is refused', (key, arn, message) => {
  const [problem, ...others] = arnProblems({ list: [{ [key]: arn }] }, 'ap-northeast-2', 'compute');
  expect(others).toEqual([]);
  expect(problem).toContain(`compute.list[0].${key}: "${arn}": it is `);
  expect(problem).toContain(message);
});

test.each([
  ['certificateArn', 'arn:aws:iam::123456789012:server-certificate/app', 'ap-northeast-2'],
  ['kmsKeyArn', 'arn:aws-eusc:kms:eusc-de-east-1:123456789012:key/1', 'eusc-de-east-1'],
  ['parameterArn', 'arn:aws:ssm:us-east-1:123456789012:parameter/key', 'ap-northeast-2'],
  ['resources', 'arn:aws:s3:::bucket/*', 'us-west-2'],
])('%s %s is taken in %s', (key, arn, region) => expect(arnProblems({ [key]: arn }, region, '')).toEqual([]));

test('all environments are checked, together', () => {
  const wrong = { layers: { ml: { alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms' } } };
  const context = {
    project: 'shop',
    environment: 'dev',
    environments: { dev: wrong, prod: { ...wrong, namePrefix: 'prod' } },
  };
  const optional = { ml: mlConfig.optional() };
  expect(() => readEnvironment({ context, layers: optional })).toThrow(
    /environments\.dev\.layers\.ml\.alarmTopicArn[^]*environments\.prod\.layers\.ml\.alarmTopicArn/,
  );
});
