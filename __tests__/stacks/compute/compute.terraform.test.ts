import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';
import { json, type Options } from './synth';

const EVERYTHING: Options = {
  config: {
    dualStack: true,
    namePrefix: 'all',
    containerInsights: 'enhanced',
    services: {
      'app-web': {
        https: { domainName: 'photos.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
        webAclArn: 'arn:aws:wafv2:ap-northeast-2:123456789012:regional/webacl/app/0f1e2d3c',
        accessLogs: true,
        alarms: true,
        rollBackOnAlarms: true,
        enableExecuteCommand: true,
        spotPercent: 50,
        memoryTargetPercent: 80,
        requestsPerTarget: 1000,
        schedules: [{ name: 'morning', schedule: 'cron(0 8 ? * MON-FRI *)', minCapacity: 3 }],
        ephemeralStorageGiB: 50,
        secrets: { DB: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:db-a1b2c3' },
        sidecars: [
          { containerName: 'collector', image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3' },
        ],
      },
      worker: { exposure: 'none', cpuArchitecture: 'X86_64' },
    },
  },
};

const VARIANTS: Record<string, Options> = {
  'every default': {},
  'state in S3': { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } },
  'state in HCP Terraform': { state: { type: 'cloud', organization: 'shop' } },
  'an existing cluster': { config: { clusterName: 'shared', importCluster: true } },
  'with fixtures': { fixtures: true },
  'with a jobs layer, if it is deployed': {
    state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' },
    hasJobsLayer: true,
  },
  'with everything switched on': EVERYTHING,
};

terraformTest('the layer is valid for the AWS provider, without a warning', () => {
  const found = validateStacks(
    Object.fromEntries(Object.entries(VARIANTS).map(([name, options]) => [name, json(options)])),
  );
  expect(found).toEqual(Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])));
});
