import { outputName } from '@strata/contract';
import { JobsStack, jobsContract, type JobsConfigInput } from '@strata/stack-jobs';
import { submitRoutes } from '../../../jobs/api/submit';
import { statusRoutes } from '../../../jobs/api/status';
import { readApiSettings } from '../../../jobs/api/settings';
import { parseTerraformJson } from '../../support/parse-json';
import { layerJson, layerSnapshot, readLayer, SHOP_DEV } from '../../support/synth-layer';

const json = (config: Partial<JobsConfigInput> = {}, deletionProtection = true) =>
  layerJson(
    (scope) =>
      new JobsStack(scope, 'jobs', {
        ...SHOP_DEV,
        deletionProtection,
        config: { kinds: { sentiment: {} }, ...config },
      }),
  );
const synth = (config?: Partial<JobsConfigInput>) => readLayer(json(config));
const named = (config: Partial<JobsConfigInput>, type: string, key: string, name: string) =>
  synth(config)
    .resources(type)
    .find((resource) => resource[key] === name);

test('ids never change by accident', () => {
  // Bundles change with every dependency; their hashes are no ids.
  const stable = json()
    .replaceAll(/"source_code_hash": "[^"]+"/g, '"source_code_hash": "any"')
    .replaceAll(/"filename": "[^"]+"/g, '"filename": "any"');
  expect(layerSnapshot(stable)).toMatchSnapshot();
});

test('the API has the routes that the functions answer', () => {
  const routes = synth()
    .resources('aws_apigatewayv2_route')
    .map(({ route_key }) => route_key);
  expect(routes.sort()).toEqual([...Object.keys(submitRoutes), ...Object.keys(statusRoutes)].sort());
});

test('the functions are told what they read', () => {
  const submit = named({}, 'aws_lambda_function', 'function_name', 'jobs-submit')!;
  const { variables } = submit['environment'] as { variables: Record<string, string> };
  expect(variables['NODE_EXTRA_CA_CERTS']).toBe('/var/runtime/ca-cert.pem');
  // What Terraform fills in is an address, or a name.
  const filledIn = variables['STRATA_JOBS_API']!.replaceAll(/\$\{jsonencode\([^}]*\)\}/g, '"https://example.com/a"');
  const settings = readApiSettings({ STRATA_JOBS_API: filledIn });
  expect(Object.keys(settings.kinds)).toEqual(['sentiment']);
  expect(settings).toMatchObject({ tenant: { from: 'iam', roles: {} }, uploadMaxMib: 100, longPollSeconds: 20 });
});

test('workers and functions may sign in to the database, each as its own role, and nobody may do so with a password', () => {
  const policies = JSON.parse(json()) as { resource: { aws_iam_role_policy: Record<string, { policy: string }> } };
  const granted = Object.values(policies.resource.aws_iam_role_policy)
    .flatMap(
      ({ policy }) => (parseTerraformJson(policy) as { Statement: { Action: string; Resource: string }[] }).Statement,
    )
    .filter(({ Action }) => [Action].flat().includes('rds-db:connect'))
    .map(({ Resource }) => /\/(strata_\w+)$/.exec([Resource].flat()[0]!)?.[1]);
  expect(new Set(granted)).toEqual(new Set(['strata_worker', 'strata_submitter']));
  expect(synth().resources('aws_db_instance')).toEqual([
    expect.objectContaining({ manage_master_user_password: true, iam_database_authentication_enabled: true }),
  ]);
});

test('a deploy brings the database to its schema before workers run, and leaves an imported one to its owner', () => {
  const made = synth();
  const [invocation] = made.resources('aws_lambda_invocation');
  expect(JSON.parse(invocation!['input'] as string)).toEqual({ schema: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const [service] = made.resources('aws_ecs_service');
  const before = (resource: object) => (resource as { depends_on?: string[] }).depends_on ?? [];
  expect(before(service!)).toEqual(expect.arrayContaining([expect.stringMatching(/^aws_lambda_invocation\./)]));
  // What answers at the database, and may be reached, is there first.
  for (const type of ['aws_db_instance', 'aws_vpc_security_group_ingress_rule'])
    expect(before(invocation!)).toEqual(expect.arrayContaining([expect.stringMatching(`^${type}\\.`)]));

  const imported = {
    kind: 'imported' as const,
    endpoint: 'db.example.com',
    databaseName: 'shop',
    resourceId: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    securityGroupId: 'sg-0f1e2d3c4b5a69788',
    maxConnections: 200,
  };
  expect(synth({ database: imported }).resources('aws_lambda_invocation')).toEqual([]);
});

test('uploads and results expire', () => {
  const { rule } = synth().resources('aws_s3_bucket_lifecycle_configuration')[0] as { rule: object[] };
  expect(rule).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ filter: [{ prefix: 'uploads/' }], expiration: [{ days: 1 }] }),
      expect.objectContaining({ filter: [{ prefix: 'results/' }], expiration: [{ days: 30 }] }),
    ]),
  );
});

test('the environment starts every name', () => {
  const { resources } = synth({ namePrefix: 'blue' });
  for (const [type, key] of [
    ['aws_sqs_queue', 'name'],
    ['aws_lambda_function', 'function_name'],
    ['aws_ecs_cluster', 'name'],
    ['aws_ecs_service', 'name'],
    ['aws_db_instance', 'identifier'],
    ['aws_cloudwatch_event_bus', 'name'],
    ['aws_apigatewayv2_api', 'name'],
    ['aws_iam_policy', 'name'],
    ['aws_iam_role', 'name'],
    ['aws_security_group', 'name'],
  ] as const) {
    expect(resources(type).length).toBeGreaterThan(0);
    for (const resource of resources(type)) expect(resource[key]).toMatch(/^blue-/);
  }
});

test('it keeps its contract', () => {
  const { outputs } = synth();
  for (const name of Object.keys(jobsContract.outputs)) expect(outputs).toHaveProperty(outputName(name));
});

test.each<[string, Partial<JobsConfigInput>, string]>([
  ['no kind', { kinds: {} }, 'there is no kind of work; add one, such as "sentiment": {}'],
  [
    'rare signs of life',
    { kinds: { sentiment: { heartbeatSeconds: 60 } } },
    'kinds.sentiment.heartbeatSeconds: 60 is not allowed; use at most a third of visibilitySeconds (120), which is 40',
  ],
  ['a run beyond what SQS remembers', { kinds: { sentiment: { maxRuntimeSeconds: 40_000 } } }, 'from 1 to 39600'],
  [
    'tokens of nobody',
    { api: { auth: 'jwt', audience: ['shop'] } },
    'api.issuer: auth jwt needs the issuer of the tokens; set it',
  ],
  ['a tenant that is no role', { api: { tenants: { me: 'web' } } }, '"me" is not the ARN of a role'],
  [
    'more workers than connections',
    { kinds: { sentiment: { maxWorkers: 100 } } },
    '100 workers (maxWorkers of all kinds) may hold 200 connections',
  ],
  [
    'an open API of a protected environment',
    { api: { auth: 'none' } },
    'jobs.api.auth: "none" lets anyone hand in work',
  ],
  ['a size', { kinds: { sentiment: { memoryMiB: 999 } } }, 'kinds.sentiment.memoryMiB'],
  [
    'Aurora with the class of an instance',
    { database: { kind: 'aurora-serverless', instanceClass: 'db.t4g.micro' } as never },
    'database.instanceClass',
  ],
])('refuses %s', (_, config, message) => {
  expect(() => json(config)).toThrow(message);
});

test('an open API is possible where nothing is protected', () => {
  expect(() => json({ api: { auth: 'none' } }, false)).not.toThrow();
});
