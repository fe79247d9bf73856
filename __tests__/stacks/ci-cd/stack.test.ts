import { outputName } from '@strata/contract';
import { ciCdContract } from '@strata/stack-ci-cd';
import { layerSnapshot } from '../../support/synth-layer';
import { parseTerraformJson } from '../../support/parse-json';
import { everything } from './everything';
import { json, synth, type Options } from './synth';

/** State that is looked at when Terraform plans; a file would be looked for at once. */
const inS3: Options = { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } };

describe('ids never change by accident', () => {
  test('with a model layer', () => expect(layerSnapshot(json({}, { ...inS3, hasModelLayer: true }))).toMatchSnapshot());
});

test('every output of the contract is published, and what is read is recorded', () => {
  const { outputs } = synth({}, { hasModelLayer: true });
  expect(Object.keys(outputs)).toEqual(
    expect.arrayContaining([
      ...Object.keys(ciCdContract.outputs).map(outputName),
      'contract_name',
      'contract_version',
      'contract_consumes',
    ]),
  );
  expect(outputs.contract_consumes).toMatchObject({
    registry: { range: '^1.0' },
    compute: { range: '^1.2' },
    ml: { range: '^1.0' },
  });
});

describe('by default', () => {
  test('app-web and app-was each have a repository, a pipeline and a build project', () => {
    const layer = synth();
    expect(layer.names('aws_codepipeline')).toEqual(['app-was-pipeline', 'app-web-pipeline']);
    expect(layer.names('aws_codecommit_repository')).toEqual(['app-was', 'app-web']);
    expect(layer.names('aws_codebuild_project')).toEqual(expect.arrayContaining(['appWebBuild', 'appWasBuild']));
    expect(layer.pipeline('app-web-pipeline').stage.map(({ name }) => name)).toEqual(['Source', 'Build', 'Deploy-dev']);
  });

  test('the inference container has one too, where there is a model layer', () => {
    const layer = synth({}, { ...inS3, hasModelLayer: true });
    expect(layer.names('aws_codepipeline')).toContain('model-endpoint-pipeline');
    expect(layer.variables('model-endpoint-pipeline-dev-release').DEPLOY_FUNCTION_NAME).toContain('contract_ml');
    expect(synth({}, { hasModelLayer: true }).variables('model-endpoint-pipeline-dev-release')).toEqual({
      DEPLOY_FUNCTION_NAME: 'none',
      IMAGE_PARAMETER_NAME: '/shop/dev/images/model-endpoint',
    });
    expect(
      synth({ pipelines: { 'model-endpoint': false } }, { hasModelLayer: true }).names('aws_codepipeline'),
    ).toHaveLength(2);
  });

  test('nothing is typed in that a contract says', () => {
    const variables = synth().variables('app-web-pipeline-dev-release');
    for (const [name, value] of Object.entries(variables))
      expect([name, value]).toEqual([name, expect.stringContaining('data.terraform_remote_state.compute')]);
    expect(synth().variables('appWebBuild').REPOSITORY_URL).toContain('data.terraform_remote_state.registry');
  });

  test('artifacts are private, encrypted, versioned, and expire', () => {
    const layer = synth();
    expect(layer.resources('aws_s3_bucket')).toMatchObject([
      { bucket_prefix: 'shop-dev-pipelines-', force_destroy: false },
    ]);
    expect(layer.resources('aws_s3_bucket_versioning')).toMatchObject([
      { versioning_configuration: { status: 'Enabled' } },
    ]);
    expect(layer.resources('aws_s3_bucket_lifecycle_configuration')).toMatchObject([
      { rule: [{ expiration: [{ days: 30 }] }] },
    ]);
    expect(layer.resources('aws_s3_bucket_public_access_block')).toHaveLength(1);
  });

  test('failed and finished runs are told', () => {
    const [rule] = synth()
      .resources('aws_cloudwatch_event_rule')
      .filter(({ name }) => name === 'shop-dev-pipelines');
    expect(JSON.parse(String(rule!.event_pattern))).toMatchObject({
      detail: { pipeline: ['app-web-pipeline', 'app-was-pipeline'], state: ['FAILED', 'SUCCEEDED'] },
    });
  });

  test('deletion protection keeps repositories', () => {
    const keeps = (deletionProtection: boolean) =>
      synth({}, { deletionProtection })
        .resources('aws_codecommit_repository')
        .map(({ lifecycle }) => (lifecycle as { prevent_destroy: boolean }).prevent_destroy);
    expect([keeps(true), keeps(false)]).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe('what the plan demands', () => {
  test('of registry and compute', () => {
    const layer = synth({ pipelines: { 'app-was': { cpuArchitecture: 'X86_64', smokeTest: {} } } });
    expect(layer.demands('registry').join('\n')).toContain(
      'it has no repository "app-web", to which the pipeline "app-web" pushes',
    );
    const demands = layer.demands('compute').join('\n');
    expect(demands).toContain('it has no service "app-web", which the pipeline "app-web" deploys to');
    expect(demands).toContain('pipelines.app-was.cpuArchitecture builds its image for X86_64');
    expect(demands).toContain('CodeDeploy deploys "app-was" (deploymentController CODE_DEPLOY)');
    expect(demands).toContain('cannot reach the service app-was, which is not public');
  });

  test('of a service that is deployed blue/green', () => {
    const demands = synth({
      pipelines: { 'app-was': { deployment: { type: 'blue-green', testListener: true, rollBackOnAlarms: true } } },
    })
      .demands('compute')
      .join('\n');
    expect(demands).toContain('ECS itself deploys "app-was", but the pipeline "app-was" asks for blue/green');
    expect(demands).toContain('"app-was" has no test listener');
    expect(demands).toContain('"app-was" has no alarms to roll back on');
  });

  test('of the model layer, where it is deployed', () => {
    const demands = synth({}, { ...inS3, hasModelLayer: true })
      .demands('ml')
      .join('\n');
    expect(demands).toContain('Terraform owns the endpoint and there is no deploy function');
    expect(demands).toContain('pipelines.model-endpoint.cpuArchitecture builds its image for X86_64');
  });
});

describe('options', () => {
  const layer = synth(everything, inS3);

  test('one source for all, each with its paths', () => {
    const triggers = (name: string) => layer.pipeline(name).trigger as { git_configuration: { push: object[] } }[];
    expect(triggers('blue-app-web-pipeline')[0]!.git_configuration.push).toEqual([
      { branches: { includes: ['main', 'release/*'] }, file_paths: { includes: ['app-web/**', 'modules/**'] } },
    ]);
    expect(triggers('blue-app-was-pipeline')[0]!.git_configuration.push).toMatchObject([
      { file_paths: { includes: ['app-was/**'] } },
    ]);
    expect(layer.pipeline('blue-app-web-pipeline').stage[0]!.action[0]!.configuration.ConnectionArn).toContain(
      'aws_codestarconnections_connection',
    );
    expect(layer.names('aws_codecommit_repository')).toEqual(['blue-app-api', 'blue-jobs']);
  });

  test('a further environment: its compute layer is read, and deployed to after an approval', () => {
    expect(layer.pipeline('blue-app-web-pipeline').stage.map(({ name }) => name)).toEqual([
      'Source',
      'Build',
      'Approve-dev',
      'Deploy-dev',
      'Approve-prod',
      'Deploy-prod',
    ]);
    expect(layer.variables('blue-app-web-pipeline-prod-release').SERVICE_NAME).toContain(
      'data.terraform_remote_state.compute-prod',
    );
    expect(layer.variables('blue-app-web-pipeline-dev-release').SERVICE_NAME).toContain(
      'data.terraform_remote_state.compute.',
    );
    const [state] = layer
      .data('terraform_remote_state')
      .filter(({ config }) => (config as { key: string }).key === 'shop/prod/compute.tfstate');
    expect(state).toBeDefined();
    expect(layer.variables('blue-app-web-pipeline-prod-smoke-test').URL).toBe('https://example.com/');
  });

  test('blue/green', () => {
    const groups = layer.resources('aws_codedeploy_deployment_group');
    expect(groups.map(({ deployment_group_name: name, deployment_config_name: config }) => [name, config])).toEqual([
      ['blue-app-was-pipeline-dev', 'CodeDeployDefault.ECSCanary10Percent5Minutes'],
      ['blue-app-web-pipeline-prod', expect.stringContaining('aws_codedeploy_deployment_config')],
    ]);
    expect(JSON.stringify(groups[0]!.alarm_configuration)).toContain('blue_green[\\"app-was\\"]');
  });

  test('the pipeline for the layers reaches the state in S3', () => {
    expect(layer.pipeline('blue-layers-pipeline').stage.map(({ name }) => name)).toEqual([
      'Source',
      'network',
      'compute',
    ]);
  });

  /** Statements on states of each build, by role. */
  const stateAccess = (made: ReturnType<typeof synth>) =>
    Object.fromEntries(
      made
        .resources('aws_iam_role_policy')
        .map(({ role, policy }) => [
          /layer-pipeline_(.+?)_role/.exec(String(role))?.[1] ?? '',
          parseTerraformJson<{ Statement: { Action: string[]; Resource: string[] }[] }>(String(policy)).Statement,
        ])
        .filter(([name]) => /-(plan|apply)$/.test(String(name))),
    ) as Record<string, { Action: string[]; Resource: string[] }[]>;
  const allowed = (statements: { Action: string[]; Resource: string[] }[], action: RegExp) =>
    statements
      .filter(({ Action }) => [Action].flat().some((one) => action.test(one)))
      .flatMap(({ Resource }) => Resource)
      .map((arn) => arn.replace(/^.*:s3:::/, ''))
      .filter((arn) => !arn.includes('aws_s3_bucket.artifacts'));

  test('the build that plans a layer locks its state only, the one that applies writes it only', () => {
    const access = stateAccess(layer);
    const writes = (name: string) => [...new Set(allowed(access[name]!, /^s3:(Put|Delete)Object$/))].sort();
    expect(writes('network-plan')).toEqual(['shop-state/shop/dev/network.tfstate.tflock']);
    expect(writes('network-apply')).toEqual([
      'shop-state/shop/dev/network.tfstate',
      'shop-state/shop/dev/network.tfstate.tflock',
    ]);
    expect(allowed(access['compute-plan']!, /^s3:GetObject$/)).toContain('shop-state/shop/dev/*.tfstate');
  });

  test('the key of the state bucket opens them, as does the role of the backend', () => {
    const key = 'arn:aws:kms:ap-northeast-2:123456789012:key/5d1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
    const encrypted = stateAccess(synth(everything, { ...inS3, stateKmsKeyArn: key }));
    expect(allowed(encrypted['network-plan']!, /^kms:Decrypt$/)).toContain(key);
    expect(allowed(encrypted['compute-apply']!, /^kms:GenerateDataKey$/)).toContain(key);
    const roleArn = 'arn:aws:iam::123456789012:role/state';
    const state = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2', roleArn } as const;
    const assuming = stateAccess(synth(everything, { ...inS3, state }));
    expect(allowed(assuming['network-plan']!, /^sts:AssumeRole$/)).toEqual([roleArn]);
    expect(allowed(assuming['network-apply']!, /^s3:(Get|Put)Object$/).filter((arn) => arn.includes('state'))).toEqual(
      [],
    );
  });

  test('contracts that are read from elsewhere are opened too', () => {
    const neighbours = {
      network: { project: 'base', state: { type: 's3', bucket: 'base-state', region: 'ap-northeast-2' } },
    } as const;
    const access = stateAccess(synth(everything, { ...inS3, neighbours }));
    const reads = access['compute-plan']!.flatMap(({ Action, Resource }) =>
      [Action].flat().includes('s3:GetObject') ? Resource : [],
    );
    expect(reads.some((arn) => arn.endsWith('s3:::base-state/base/dev/network.tfstate'))).toBe(true);
    const own = synth(
      {
        ...everything,
        layerPipeline: {
          ...everything.layerPipeline!,
          layers: [{ layer: 'ci-cd', applyPolicyArns: ['arn:aws:iam::123456789012:policy/ci-cd'] }],
        },
      },
      inS3,
    );
    expect(JSON.stringify(stateAccess(own)['ci-cd-plan'])).toContain('shop/prod/compute.tfstate');
  });

  test('it is refused where state is in files', () => {
    expect(() => synth(everything)).toThrow(
      'layerPipeline: state is in local files ("local"), which a build cannot access; use state of type "s3" or "cloud" in this environment, or leave layerPipeline out',
    );
  });

  test('this environment is not a further one', () => {
    expect(() => synth({ pipelines: { 'app-web': { promoteTo: [{ environment: 'dev' }] } } })).toThrow(
      'pipelines: "dev" is this layer\'s own environment, which is deployed to first; use another one in "promoteTo"',
    );
  });

  test('a repository that exists is used', () => {
    const made = synth({
      pipelines: {
        'app-web': { source: { provider: 'CodeCommit', existing: true, repositoryName: 'web' } },
        'app-was': false,
      },
    });
    expect(made.types).not.toContain('aws_codecommit_repository');
    expect(made.pipeline('app-web-pipeline').stage[0]!.action[0]!.configuration.RepositoryName).toBe('web');
  });
});
