import * as sdk from '@aws-sdk/client-sagemaker';
import { endpointConfigOf, type EndpointOptions, type Rollout } from '@strata/sagemaker';
import { createHandler } from '../../../sagemaker/deploy-endpoint/handler';
import { FakeAws } from './fake-aws';

// What the ml layer writes into ENDPOINT_CONFIG, read by the function, must come out as requests that the API knows.

const vpc = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
const replace: Rollout = { strategy: 'replace' };
const cases: [string, EndpointOptions, Rollout][] = [
  ['serverless', {}, replace],
  [
    'realtime with everything',
    {
      hosting: 'realtime',
      instanceType: 'ml.m5.large',
      initialInstanceCount: 2,
      volumeSizeGiB: 20,
      kmsKeyArn: 'arn:aws:kms:ap-northeast-2:123456789012:key/1',
      ...vpc,
      dataCaptureS3Uri: 's3://artifacts/capture',
      environment: { LOG_LEVEL: 'debug' },
      scaling: { minCapacity: 1, maxCapacity: 3 },
    },
    replace,
  ],
  ['realtime with a shadow', { hosting: 'realtime' }, { strategy: 'shadow', samplingPercent: 20 }],
  ['realtime with shares', { hosting: 'realtime' }, { strategy: 'weighted', weightPercent: 5 }],
  [
    'async from zero',
    { hosting: 'async', asyncOutputS3Uri: 's3://artifacts/answers', scaling: { maxCapacity: 2 } },
    replace,
  ],
];

// Seconds only where other programs take the cores.
jest.setTimeout(60_000);

let aws: FakeAws;
beforeEach(async () => {
  aws = await FakeAws.start();
});
afterEach(async () => {
  await aws.stop();
});

/** Members of a request that the API does not have, at any depth. */
function unknownMembers(value: unknown, schema: unknown, path = ''): string[] {
  const resolved = (typeof schema === 'function' ? (schema as () => unknown)() : schema) as
    | readonly unknown[]
    | number
    | undefined;
  if (Array.isArray(value))
    return value.flatMap((item) => unknownMembers(item, Array.isArray(resolved) ? resolved[4] : undefined, path));
  if (typeof value !== 'object' || value === null || !Array.isArray(resolved) || resolved[0] !== 3) return [];
  const [, , , , names, types] = resolved as unknown as readonly [
    number,
    string,
    string,
    unknown,
    readonly string[],
    readonly unknown[],
  ];
  return Object.entries(value).flatMap(([name, inner]) =>
    names.includes(name) ? unknownMembers(inner, types[names.indexOf(name)], `${path}.${name}`) : [`${path}.${name}`],
  );
}

it.each(cases)('%s', async (_, options, rollout) => {
  const handler = createHandler({
    clients: aws.clients,
    pollMilliseconds: 1,
    log: () => undefined,
    environment: {
      ENDPOINT_NAME: 'flowers',
      EXECUTION_ROLE_ARN: 'arn:role',
      ENDPOINT_CONFIG: JSON.stringify(endpointConfigOf('flowers', options, rollout)),
    },
  });
  expect(await handler({ modelPackageArn: aws.register(1) })).toMatchObject({ action: 'created' });
  expect(await handler({ modelPackageArn: aws.register(2) })).toMatchObject({ action: 'updated' });
  expect(await handler({ modelPackageArn: aws.register(2) })).toMatchObject({ action: 'unchanged' });

  const schemas = sdk as unknown as Record<string, unknown>;
  const requests = aws.inputs.filter(({ operation }) => /^(Create|Update)/.test(operation));
  expect(requests.length).toBeGreaterThanOrEqual(6);
  for (const { operation, input } of requests) {
    const schema = schemas[`${operation}Input$`];
    expect(schema).toBeDefined();
    expect({ operation, unknown: unknownMembers(input, schema) }).toEqual({ operation, unknown: [] });
  }
  expect(aws.targets.size).toBe(options.scaling === undefined ? 0 : 1);
});
