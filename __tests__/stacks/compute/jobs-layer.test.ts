// How the services learn where to hand in work; the jobs layer is read as ml is (docs/adr/0008).
import { computeConfig, ComputeStack, type ComputeConfigInput } from '@strata/stack-compute';
import { endpointNeeds, jobCallers } from '@strata/stack-compute/config';
import { Testing } from 'cdktf';
import { SHOP_DEV } from '../../support/synth-layer';
import { json, synth, type Options } from './synth';

const S3 = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } as const;
const CLOUD = { type: 'cloud', organization: 'shop' } as const;
const JOBS: Options = { hasJobsLayer: true, state: S3 };

const modeOf = (config: ComputeConfigInput, options: Options = {}) =>
  new ComputeStack(Testing.app(), 'compute', { ...SHOP_DEV, config, ...options }).jobsLayer;

/** The variable's value, with Terraform's own expressions as text. */
function variable(layer: ReturnType<typeof synth>, family: string, name: string): string | undefined {
  return new RegExp(`"name":"${name}","value":("[^"]*"|\\$\\{jsonencode\\(.*?\\)\\}(?=\\}))`).exec(
    layer.containers(family),
  )?.[1];
}
const attachments = (layer: ReturnType<typeof synth>) => layer.all('aws_iam_role_policy_attachment');

describe('without a jobs layer', () => {
  test('nothing of it is read, told or allowed', () => {
    const layer = synth();
    expect(json({ hasJobsLayer: false })).toBe(json());
    expect(layer.containers('app-was-td') + layer.containers('app-web-td')).not.toContain('JOBS_');
    expect(attachments(layer)).toEqual([]);
    expect(layer.outputs.contract_consumes).not.toHaveProperty('jobs');
  });
});

describe('with a jobs layer', () => {
  test('app-was gets the address, the region, and the policy of submitters, once it is deployed', () => {
    const layer = synth({}, JOBS);
    expect(variable(layer, 'app-was-td', 'JOBS_API_URL')).toContain('local.contract_jobs.api_url');
    expect(variable(layer, 'app-was-td', 'JOBS_REGION')).toBe('"ap-northeast-2"');
    expect(attachments(layer)).toEqual([
      {
        count: '${local.contract_jobs.is_deployed ? 1 : 0}',
        policy_arn: '${local.contract_jobs.submitter_policy_arn}',
        role: `\${aws_iam_role.${layer.idOf('aws_iam_role', 'ecsWasTaskRole')}.name}`,
      },
    ]);
    // Tasks do not start before they may hand in work.
    expect(layer.named('aws_ecs_task_definition', 'app-was-td').depends_on).toContain(
      'aws_iam_role_policy_attachment.app-was-submits-jobs',
    );
    expect(layer.outputs.contract_consumes).toMatchObject({ jobs: { range: '^1.0' } });
  });

  test('without NAT it invokes the functions, which a task with a public address need not', () => {
    const layer = synth({ services: { batch: { exposure: 'none', submitsJobs: true, assignPublicIp: true } } }, JOBS);
    for (const name of ['submit', 'status']) {
      const told = variable(layer, 'app-was-td', `JOBS_${name.toUpperCase()}_FUNCTION_ARN`);
      expect(told).toContain(`.outputs.nat_mode == "none") ? local.contract_jobs.${name}_function_arn : ""`);
    }
    expect(variable(layer, 'app-was-td', 'JOBS_CALLER_ROLE_ARN')).toContain(':role/ecsWasTaskRole" : "")}');
    expect(layer.containers('batch-td')).not.toMatch(/FUNCTION_ARN|CALLER_ROLE/);
  });

  test("app-web gets the bucket's origin, and no permission", () => {
    const layer = synth({}, JOBS);
    const origin = variable(layer, 'app-web-td', 'JOBS_UPLOAD_ORIGIN');
    expect(origin).toContain('${jsonencode(local.contract_jobs.is_deployed ? ');
    expect(origin).toContain('"https://${local.contract_jobs.bucket_name}.s3.ap-northeast-2.${data.');
    expect(layer.containers('app-web-td')).not.toContain('JOBS_API_URL');
    expect(attachments(layer)).toHaveLength(1);
  });

  test('until it is deployed a check says what is missing', () => {
    expect(synth({}, JOBS).check.jobs_layer_is_deployed!.assert).toEqual([
      {
        condition: '${local.contract_jobs.is_deployed}',
        error_message:
          'layer "jobs" is not deployed: app-web, app-was cannot hand in work yet, and the page does not offer it. ' +
          'Next: cdktf deploy jobs, and this layer again.',
      },
    ]);
    // With local state that is known while synthesizing.
    const local = synth({}, { hasJobsLayer: true });
    expect(local.containers('app-was-td')).not.toContain('JOBS_');
    expect(attachments(local)).toEqual([]);
    expect(local.check.jobs_layer_is_deployed!.assert[0]!.condition).toBe('${terraform.workspace == ""}');
  });

  test('how it is read can be chosen', () => {
    expect(modeOf({}, JOBS)).toBe('if-deployed');
    expect(modeOf({}, { ...JOBS, state: CLOUD })).toBe('required');
    expect(modeOf({ jobsLayer: 'none' }, JOBS)).toBe('none');
    expect(modeOf({ jobsLayer: 'required' })).toBe('required');
    const unused: ComputeConfigInput = {
      services: { 'app-was': { submitsJobs: false }, 'app-web': { uploadsJobFiles: false } },
    };
    expect(modeOf(unused, JOBS)).toBe('none');
    expect(synth({ jobsLayer: 'required' }).check).not.toHaveProperty('jobs_layer_is_deployed');
  });
});

test('a network without NAT gateway gets the VPC endpoint of Lambda, where there is a jobs layer', () => {
  const actions = (config: ComputeConfigInput, hasJobsLayer: boolean) =>
    endpointNeeds(computeConfig.parse(config), { hasJobsLayer }).flatMap((needs) => needs.actions ?? []);
  expect(actions({}, true)).toContain('lambda:InvokeFunction');
  expect(actions({ jobsLayer: 'required' }, false)).toContain('lambda:InvokeFunction');
  expect(actions({}, false)).not.toContain('lambda:InvokeFunction');
  expect(actions({ jobsLayer: 'none' }, true)).not.toContain('lambda:InvokeFunction');
  const required = (options: Options) =>
    /setsubtract\(\[([^\]]*)\], self\.outputs\.vpc_endpoint_services\)/.exec(
      JSON.stringify(synth({}, options).data),
    )?.[1];
  expect(required(JOBS)).toContain('lambda');
  expect(required({})).not.toContain('lambda');
});

test('the jobs layer is told who hands in work, and from which pages files come', () => {
  const https = { domainName: 'shop.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };
  const config = computeConfig.parse({
    namePrefix: 'prod',
    services: { 'app-web': { https }, batch: { exposure: 'none', submitsJobs: true } },
  });
  expect(jobCallers(config)).toEqual({
    roleNames: ['prod-ecsWasTaskRole', 'prod-batch-task-role'],
    pageOrigins: ['https://shop.example.com'],
  });
  expect(jobCallers({ ...config, jobsLayer: 'none' })).toBeUndefined();
});

test('a variable that comes from the jobs layer is not set by hand', () => {
  const services = {
    'app-was': { environment: { JOBS_API_URL: 'https://a' } },
    'app-web': { environment: { JOBS_UPLOAD_ORIGIN: 'https://b' } },
  };
  const messages = computeConfig
    .safeParse({ services })
    .error?.issues.map(({ path, message }) => [path.join('.'), message]);
  expect(messages).toEqual([
    [
      'services.app-web.environment.JOBS_UPLOAD_ORIGIN',
      'it comes from the jobs layer; remove it here, or set uploadsJobFiles to false',
    ],
    [
      'services.app-was.environment.JOBS_API_URL',
      'it comes from the jobs layer; remove it here, or set submitsJobs to false',
    ],
  ]);
});
