import { checkConfig } from '@strata/core/config';
import { ciCdConfig } from '@strata/stack-ci-cd';
import { everything } from './everything';

const problems = (config: unknown): readonly string[] => checkConfig(ciCdConfig, config, 'ci-cd').problems;
const web = (options: object): object => ({ pipelines: { 'app-web': options } });

test("asks for nothing, and builds the project's own applications", () => {
  const { pipelines } = ciCdConfig.parse({});
  expect(pipelines['app-web']).toMatchObject({
    kind: 'service',
    cpuArchitecture: 'ARM64',
    dockerfile: 'scripts/images/Dockerfile',
    buildArgs: { APP: 'app-web' },
    testCommands: ['npm ci --no-audit --no-fund', 'npm test -- __tests__/app-web'],
    deployment: { type: 'rolling', timeoutMinutes: 60 },
    approval: false,
    rollBackOnFailure: false,
    promoteTo: [],
  });
  expect(pipelines['model-endpoint']).toBeUndefined();
});

test('another pipeline is built from its own Dockerfile, and need not say its kind', () => {
  const { pipelines } = ciCdConfig.parse({ pipelines: { 'app-api': {}, scorer: { kind: 'endpoint' } } });
  expect(pipelines['app-api']).toMatchObject({
    kind: 'service',
    dockerfile: 'Dockerfile',
    buildArgs: {},
    testCommands: [],
  });
  expect(pipelines.scorer).toMatchObject({ kind: 'endpoint', cpuArchitecture: 'X86_64' });
});

test('accepts every option', () => expect(problems(everything)).toEqual([]));

test.each<[object, RegExp]>([
  [web({ cpu: 1 }), /^ci-cd\.pipelines\.app-web\.cpu: .*/],
  [
    web({ cpuArchitecture: 'arm64' }),
    /^ci-cd\.pipelines\.app-web\.cpuArchitecture: "arm64" is not allowed; use one of "?ARM64/,
  ],
  [
    web({ dockerfile: '../Dockerfile' }),
    /^ci-cd\.pipelines\.app-web\.dockerfile: .* use a relative path in the source/,
  ],
  [web({ testCommands: [' '] }), /^ci-cd\.pipelines\.app-web\.testCommands\.?\[?0\]?: .* leave an empty command out/],
  [
    web({ source: { provider: 'CodeCommit', tagPatterns: ['v*'], pathPatterns: ['a'] } }),
    /app-web\.source\.pathPatterns: .*a tag is on no branch and changes no file/,
  ],
  [
    web({ source: { provider: 'CodeConnections', repositoryId: 'a/b' } }),
    /app-web\.source\.connection: .*set connection or connectionArn, not both/,
  ],
  [
    web({ source: { provider: 'CodeConnections', connection: 'gitub', repositoryId: 'a/b' } }),
    /app-web\.source\.connection: .*use one of connections: there are none yet/,
  ],
  [
    {
      connections: { github: { providerType: 'GitHub' } },
      source: { provider: 'CodeConnections', connection: 'gitub', repositoryId: 'a/b' },
    },
    /^ci-cd\.source\.connection: .*use one of connections: github; did you mean "github"/,
  ],
  [
    web({ source: { provider: 'CodeCommit' }, pathPatterns: ['a'] }),
    /app-web\.pathPatterns: .*the pipeline has its own source; set pathPatterns there/,
  ],
  [
    { source: { provider: 'CodeCommit', tagPatterns: ['v*'] }, ...web({ pathPatterns: ['a'] }) },
    /app-web\.pathPatterns: .*a tag changes no file/,
  ],
  [
    web({ deployment: { type: 'blue-green', trafficShift: { type: 'all-at-once', percentage: 5 } } }),
    /app-web\.deployment\.trafficShift: .*have no effect on a shift in one step/,
  ],
  [
    web({
      deployment: { type: 'blue-green', lifecycleHooks: { AfterAllowTestTraffic: 'arn:aws:lambda:r:1:function:f' } },
    }),
    /lifecycleHooks\.AfterAllowTestTraffic: .*there is no test traffic; set testListener to true/,
  ],
  [web({ deployment: { type: 'rolling', testListener: true } }), /app-web\.deployment\.testListener/],
  [web({ approvalMessage: 'Really?' }), /app-web\.approvalMessage: .*no approval is requested/],
  [
    web({ promoteTo: [{ environment: 'prod' }, { environment: 'prod' }] }),
    /promoteTo\.?\[?1\]?\.environment: .*is listed twice; list each environment once/,
  ],
  [
    web({ smokeTest: { service: 'app-web', url: 'https://a.b' } }),
    /app-web\.smokeTest\.url: .*set service or url, not both/,
  ],
  [
    { pipelines: { App: {} } },
    /^ci-cd\.pipelines\.App: .*the name "App" is not allowed; use 1 to 25 lower-case letters/,
  ],
  [{ pipelines: { 'model-endpoint': { smokeTest: {} } } }, /model-endpoint\.smokeTest/],
  [
    { logRetentionDays: 31 },
    /^ci-cd\.logRetentionDays: .*it is not a CloudWatch Logs retention period; the nearest is 30/,
  ],
  [
    {
      layerPipeline: {
        layers: [{ layer: 'network', applyPolicyArns: ['arn:x'] }],
        terraformVersion: '1.12.2',
        terraformSha256: 'a'.repeat(64),
      },
    },
    /^ci-cd\.layerPipeline\.source: .*the pipeline has no source/,
  ],
  [
    { layerPipeline: { layers: [], terraformVersion: 'latest', terraformSha256: 'x' } },
    /layerPipeline\.terraformVersion: .*use a version such as 1\.12\.2/,
  ],
])('%j is refused', (config, message) =>
  expect(problems(config)).toEqual(expect.arrayContaining([expect.stringMatching(message)])),
);
