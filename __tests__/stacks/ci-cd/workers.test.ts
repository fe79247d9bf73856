// Pipelines to the workers of the jobs layer.
import { ciCdConfig, CiCdStack, type CiCdConfigInput } from '@strata/stack-ci-cd';
import { Testing } from 'cdktf';
import { parseTerraformJson } from '../../support/parse-json';
import { SHOP_DEV } from '../../support/synth-layer';
import { synth, type Options } from './synth';

const S3 = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } as const;
const CONFIG: CiCdConfigInput = {
  pipelines: { 'app-web': false, 'app-was': false, 'jobs-sentiment': { kind: 'worker', worker: 'sentiment' } },
};
const RELEASE = 'jobs-sentiment-pipeline-dev-release';
const modeOf = (config: CiCdConfigInput, options: Options = {}) =>
  new CiCdStack(Testing.app(), 'ci-cd', { ...SHOP_DEV, config, ...options }).jobsLayer;

test('a pipeline builds the image and has the workers of its kind run it, in one action', () => {
  const { stage } = synth(CONFIG, { state: S3 }).pipeline('jobs-sentiment-pipeline');
  expect(stage.map(({ name }) => name)).toEqual(['Source', 'Build', 'Deploy-dev']);
  expect(stage[2]!.action).toMatchObject([
    { provider: 'CodeBuild', configuration: { ProjectName: expect.anything() } },
  ]);
});

test('the service, its names and roles are those of the contract, once there is a jobs layer', () => {
  const layer = synth(CONFIG, { state: S3 });
  expect(layer.variables(RELEASE)).toMatchObject({
    CLUSTER_NAME: expect.stringContaining('local.contract_jobs.kinds.sentiment.cluster_name'),
    SERVICE_NAME: expect.stringContaining('.service_name'),
    IMAGE_PARAMETER_NAME: expect.stringContaining('.image_parameter_name'),
    ATTEMPTS: '240',
  });
  expect(layer.demands('jobs').join('\n')).toContain(
    'it has no kind of work "sentiment", whose workers the pipeline "jobs-sentiment" deploys to',
  );
  expect(layer.demands('jobs').join('\n')).toContain(
    'pipelines.jobs-sentiment.cpuArchitecture builds their image for ARM64',
  );
  expect(layer.demands('registry').join('\n')).toContain('it has no repository "jobs-sentiment"');
});

test('until then the image is written down for the first workers', () => {
  expect(synth(CONFIG).variables(RELEASE)).toMatchObject({
    CLUSTER_NAME: 'none',
    IMAGE_PARAMETER_NAME: '/shop/dev/images/jobs-sentiment',
  });
});

test('the layer is read only where a worker is shipped', () => {
  expect(modeOf({}, { state: S3 })).toBe('none');
  expect(modeOf(CONFIG, { state: S3 })).toBe('if-deployed');
  expect(modeOf(CONFIG, { state: { type: 'cloud', organization: 'shop' } })).toBe('required');
  expect(synth().outputs.contract_consumes).not.toHaveProperty('jobs');
});

test('its build may deploy to that service, and run tasks of that family in that cluster alone', () => {
  const policies = synth(CONFIG).resources('aws_iam_role_policy');
  const statements = policies
    .flatMap(({ policy }) => parseTerraformJson<{ Statement: Record<string, unknown>[] }>(String(policy)).Statement)
    .filter(({ Sid }) =>
      ['UpdateService', 'RunSelfTest', 'SeeSelfTest', 'PassTaskRoles', 'WriteImage'].includes(String(Sid)),
    );
  const [of] = [(sid: string) => JSON.stringify(statements.find(({ Sid }) => Sid === sid))];
  expect(of('UpdateService')).toContain(':service/none/none');
  expect(of('RunSelfTest')).toMatch(/"ecs:RunTask".*task-definition\/none:\*.*"ecs:cluster".*:cluster\/none/);
  expect(of('SeeSelfTest')).toMatch(/"ecs:DescribeTasks".*:task\/none\/\*/);
  expect(of('PassTaskRoles')).toContain('"iam:PassedToService":"ecs-tasks.amazonaws.com"');
  expect(of('WriteImage')).toContain(':parameter/shop/dev/images/jobs-sentiment');
});

test.each<[object, string]>([
  [{ kind: 'worker', worker: 'Sentiment' }, 'worker: use the name of a kind of work'],
  [{ kind: 'worker', worker: 'sentiment', timeoutMinutes: 481 }, 'timeoutMinutes: '],
  [{ kind: 'worker', worker: 'sentiment', approvalMessage: 'Really?' }, 'approvalMessage: no approval is requested'],
])('%j is refused', (pipeline, message) => {
  const { error } = ciCdConfig.safeParse({ pipelines: { 'jobs-sentiment': pipeline } });
  const problems = error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  expect(problems.join('\n')).toContain(`pipelines.jobs-sentiment.${message}`);
});
