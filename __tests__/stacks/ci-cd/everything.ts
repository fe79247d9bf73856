import type { CiCdConfigInput } from '@strata/stack-ci-cd';

/** Every option at once, as far as they go together. */
export const everything: CiCdConfigInput = {
  namePrefix: 'blue',
  connections: { github: { providerType: 'GitHub' } },
  source: {
    provider: 'CodeConnections',
    connection: 'github',
    repositoryId: 'example/shop',
    branchPatterns: ['main', 'release/*'],
  },
  environments: { prod: { project: 'shop' } },
  notifications: { emailAddresses: ['web@example.com'], states: ['FAILED'] },
  kmsKeyArn: 'arn:aws:kms:ap-northeast-2:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
  logRetentionDays: 90,
  artifactExpirationDays: 7,
  permissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
  pipelines: {
    'app-web': {
      pathPatterns: ['app-web/**', 'modules/**'],
      approval: true,
      approvalMessage: 'Really?',
      rollBackOnFailure: true,
      smokeTest: { path: '/health', expectedText: 'ok', attempts: 3, intervalSeconds: 1 },
      buildSecrets: { NPM_TOKEN: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:npm-AbCdEf' },
      buildEnvironment: { CI: 'true' },
      promoteTo: [
        {
          environment: 'prod',
          deployment: { type: 'blue-green', trafficShift: { type: 'linear', percentage: 20, intervalMinutes: 2 } },
          smokeTest: { url: 'https://example.com' },
        },
      ],
    },
    'app-was': {
      pathPatterns: ['app-was/**'],
      deployment: {
        type: 'blue-green',
        trafficShift: { type: 'canary' },
        testListener: true,
        rollBackOnAlarms: true,
        lifecycleHooks: { AfterAllowTestTraffic: 'arn:aws:lambda:ap-northeast-2:123456789012:function:check' },
      },
      smokeTest: { service: 'app-web', path: '/was/ready' },
    },
    'app-api': {
      source: { provider: 'CodeCommit', tagPatterns: ['v*'] },
      cpuArchitecture: 'X86_64',
      target: 'final',
      executionMode: 'QUEUED',
      layerCache: false,
    },
    'app-job': {
      source: { provider: 'CodeCommit', repositoryName: 'jobs', pathPatterns: ['job/**'] },
      service: 'app-api',
      repository: 'app-api',
      buildImage: '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/build:1',
    },
    'model-endpoint': { approval: true },
  },
  layerPipeline: {
    layers: [
      {
        layer: 'network',
        applyPolicyArns: ['arn:aws:iam::123456789012:policy/network'],
        approvalTopicArn: 'arn:aws:sns:ap-northeast-2:123456789012:network',
      },
      { layer: 'compute', applyPolicyArns: ['arn:aws:iam::123456789012:policy/compute'], autoApprove: true },
    ],
    terraformVersion: '1.12.2',
    terraformSha256: 'a'.repeat(64),
  },
};
