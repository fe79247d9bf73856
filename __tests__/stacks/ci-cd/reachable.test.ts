// Every prop of the constructs that make the layer is reachable from cdktf.json under its own name, or is left out for
// a reason. A prop without an entry here does not compile.
import type {
  BlueGreenDeploymentProps,
  BlueGreenEcsDeployment,
  BuildProjectProps,
  CodeConnectionProps,
  CodeRepositoryProps,
  CodeSource,
  ContainerPipelineProps,
  LayerPipelineProps,
  PipelineEventsProps,
  PipelineLayer,
  RollingEcsDeployment,
  SmokeTest,
} from '@strata/codepipeline';
import type { CiCdConfigInput } from '@strata/stack-ci-cd';
import { json } from './synth';

/** How a prop is reached: a value whose JSON differs, and the default, whose JSON does not. */
interface Reached {
  readonly set: CiCdConfigInput;
  /** What the layer does without it, said outright. Left out where there is no value that says so. */
  readonly default?: CiCdConfigInput;
}
/** A reason, or how the prop is reached. */
type Reach<T> = Readonly<Record<KeysOf<T>, string | Reached>>;
type KeysOf<T> = T extends unknown ? keyof T & string : never;

const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:topic';
const POLICY = 'arn:aws:iam::123456789012:policy/p';
const SECRET = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:npm-AbCdEf';
const HOOK = 'arn:aws:lambda:ap-northeast-2:123456789012:function:check';

/** A layer pipeline needs a state that its builds reach. */
const STATE = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } as const;

const TAGS = "the environment's tags are on everything, by the provider's default tags";
const FROM_COMPUTE = 'what compute publishes of the service';
const FROM_REGISTRY = 'what the registry layer publishes';
const OF_THE_LAYER = 'the layer makes it, from what its owner names';

type Pipeline = Exclude<NonNullable<NonNullable<CiCdConfigInput['pipelines']>['app-web']>, false>;
/** The layer with app-web alone. */
const web = (pipeline: Pipeline = {}): CiCdConfigInput => ({ pipelines: { 'app-web': pipeline, 'app-was': false } });
const base = web();
const reached = (set: Pipeline, defaultValue?: Pipeline): Reached => ({
  set: web(set),
  ...(defaultValue !== undefined && { default: web(defaultValue) }),
});

const containerPipeline: Reach<ContainerPipelineProps> = {
  pipelineName: reached({ pipelineName: 'web' }, { pipelineName: 'app-web-pipeline' }),
  source: reached({ source: { provider: 'CodeCommit', branch: 'release' } }, { source: { provider: 'CodeCommit' } }),
  repositoryUrl: FROM_REGISTRY,
  repositoryArn: FROM_REGISTRY,
  deployments: 'each of its props has an entry below',
  artifactStore: OF_THE_LAYER,
  dockerfile: reached({ dockerfile: 'Dockerfile' }, { dockerfile: 'scripts/images/Dockerfile' }),
  context: reached({ context: 'app' }, { context: '.' }),
  buildArgs: reached({ buildArgs: { A: 'b' } }, { buildArgs: { APP: 'app-web' } }),
  target: reached({ target: 'final' }),
  runtimeVersions: reached({ runtimeVersions: { nodejs: '24' } }, { runtimeVersions: { nodejs: '22' } }),
  testCommands: reached({ testCommands: ['npm test'] }),
  cpuArchitecture: reached({ cpuArchitecture: 'X86_64' }, { cpuArchitecture: 'ARM64' }),
  buildProjectName: reached({ buildProjectName: 'web' }, { buildProjectName: 'appWebBuild' }),
  buildImage: reached({ buildImage: 'public.ecr.aws/docker/library/docker:27' }),
  buildComputeType: reached({ buildComputeType: 'BUILD_GENERAL1_LARGE' }, { buildComputeType: 'BUILD_GENERAL1_SMALL' }),
  buildTimeoutMinutes: reached({ buildTimeoutMinutes: 31 }, { buildTimeoutMinutes: 30 }),
  buildQueuedTimeoutMinutes: reached({ buildQueuedTimeoutMinutes: 61 }, { buildQueuedTimeoutMinutes: 60 }),
  buildEnvironment: reached({ buildEnvironment: { CI: 'true' } }, { buildEnvironment: {} }),
  buildSecrets: reached({ buildSecrets: { TOKEN: SECRET } }, { buildSecrets: {} }),
  layerCache: reached({ layerCache: false }, { layerCache: true }),
  executionMode: reached({ executionMode: 'QUEUED' }, { executionMode: 'SUPERSEDED' }),
  approvalTopicArn: { set: { ...base, notifications: { topicArn: TOPIC } } },
  permissionsBoundaryArn: { set: { ...base, permissionsBoundaryArn: POLICY } },
  logRetentionDays: { set: { ...base, logRetentionDays: 90 }, default: { ...base, logRetentionDays: 30 } },
  tags: TAGS,
};

const rolling = (timeoutMinutes?: number): Pipeline => ({ deployment: { type: 'rolling', timeoutMinutes } });
const shift = (options: object = {}): Pipeline => ({ deployment: { type: 'blue-green', ...options } });
/** For what differs from a blue-green deployment with its defaults. */
const shifted = (set: object, defaultValue?: object) => ({
  ...reached(shift(set), defaultValue && shift(defaultValue)),
  from: web(shift()),
});

const ecsDeployment: Reach<RollingEcsDeployment | BlueGreenEcsDeployment> = {
  type: reached(shift(), rolling()),
  name: 'the environment',
  approval: reached({ approval: true }, { approval: false }),
  approvalMessage: reached({ approval: true, approvalMessage: 'Really?' }),
  imageParameterName: FROM_COMPUTE,
  clusterName: FROM_COMPUTE,
  serviceName: FROM_COMPUTE,
  containerName: FROM_COMPUTE,
  containerPort: FROM_COMPUTE,
  network: FROM_COMPUTE,
  taskDefinitionFamily: FROM_COMPUTE,
  executionRoleArn: FROM_COMPUTE,
  taskRoleArn: FROM_COMPUTE,
  cpuArchitecture: "compared with the pipeline's at plan, as it is known to compute alone",
  smokeTest: 'each of its props has an entry below',
  rollBackOnFailure: reached({ rollBackOnFailure: true }, { rollBackOnFailure: false }),
  timeoutMinutes: reached(rolling(10), rolling(60)),
  listenerArn: FROM_COMPUTE,
  testListenerArn: shifted({ testListener: true }, { testListener: false }),
  targetGroupName: FROM_COMPUTE,
  greenTargetGroupName: FROM_COMPUTE,
  trafficShift: shifted({ trafficShift: { type: 'canary' } }, { trafficShift: { type: 'all-at-once' } }),
  alarmNames: shifted({ rollBackOnAlarms: true }, { rollBackOnAlarms: false }),
  terminationWaitMinutes: shifted({ terminationWaitMinutes: 6 }, { terminationWaitMinutes: 5 }),
  lifecycleHooks: shifted({ lifecycleHooks: { AfterInstall: HOOK } }, { lifecycleHooks: {} }),
};

const blueGreenDeployment: Reach<BlueGreenDeploymentProps> = {
  name: OF_THE_LAYER,
  clusterName: FROM_COMPUTE,
  serviceName: FROM_COMPUTE,
  listenerArn: FROM_COMPUTE,
  testListenerArn: ecsDeployment.testListenerArn,
  targetGroupName: FROM_COMPUTE,
  greenTargetGroupName: FROM_COMPUTE,
  executionRoleArn: FROM_COMPUTE,
  taskRoleArn: FROM_COMPUTE,
  trafficShift: ecsDeployment.trafficShift,
  alarmNames: ecsDeployment.alarmNames,
  terminationWaitMinutes: ecsDeployment.terminationWaitMinutes,
  hookFunctionArns: ecsDeployment.lifecycleHooks,
  permissionsBoundaryArn: containerPipeline.permissionsBoundaryArn,
  tags: TAGS,
};

const smoke = (smokeTest: object): Pipeline => ({ smokeTest });
/** For what differs from a smoke test with its defaults. */
const smoked = (set: object, defaultValue?: object) => ({
  ...reached(smoke(set), defaultValue && smoke(defaultValue)),
  from: web(smoke({})),
});
const smokeTest: Reach<SmokeTest> = {
  url: smoked({ url: 'https://example.com' }),
  expectedStatus: smoked({ expectedStatus: 204 }, { expectedStatus: 200 }),
  expectedText: smoked({ expectedText: 'ok' }),
  attempts: smoked({ attempts: 3 }, { attempts: 10 }),
  intervalSeconds: smoked({ intervalSeconds: 1 }, { intervalSeconds: 6 }),
};

const codeCommit = (source: object): Pipeline => ({ source: { provider: 'CodeCommit', ...source } });
const connections = { github: { providerType: 'GitHub' } } as const;
const fromGitHub = (source: object = {}): CiCdConfigInput => ({
  ...web({ source: { provider: 'CodeConnections', connection: 'github', repositoryId: 'example/shop', ...source } }),
  connections,
});
const codeSource: Reach<CodeSource> = {
  provider: { set: fromGitHub() },
  repositoryName: reached(codeCommit({ repositoryName: 'web' }), codeCommit({ repositoryName: 'app-web' })),
  connectionArn: {
    set: fromGitHub({
      connection: undefined,
      connectionArn: 'arn:aws:codeconnections:ap-northeast-2:123456789012:connection/c',
    }),
  },
  repositoryId: { set: fromGitHub({ repositoryId: 'example/web' }) },
  branch: reached(codeCommit({ branch: 'release' }), codeCommit({ branch: 'main' })),
  branchPatterns: reached(codeCommit({ branchPatterns: ['release/*'] })),
  tagPatterns: reached(codeCommit({ tagPatterns: ['v*'] })),
  pathPatterns: reached(codeCommit({ pathPatterns: ['web/**'] })),
};

const codeRepository: Reach<CodeRepositoryProps> = {
  repositoryName: codeSource.repositoryName,
  description: OF_THE_LAYER,
  kmsKeyArn: 'a repository with a key of its owner is made elsewhere, and named with existing: true',
  preventDestroy: "the environment's deletionProtection",
  tags: TAGS,
};

const codeConnection: Reach<CodeConnectionProps> = {
  connectionName: { set: { ...base, connections: { gitlab: { providerType: 'GitHub' } } } },
  providerType: { set: { ...base, connections: { github: { providerType: 'GitLab' } } } },
  tags: TAGS,
};

const notify = (notifications: CiCdConfigInput['notifications']): CiCdConfigInput => ({ ...base, notifications });
const pipelineEvents: Reach<PipelineEventsProps> = {
  name: OF_THE_LAYER,
  pipelineNames: OF_THE_LAYER,
  states: { set: notify({ states: ['FAILED'] }), default: notify({ states: ['FAILED', 'SUCCEEDED'] }) },
  emailAddresses: { set: notify({ emailAddresses: ['a@example.com'] }), default: notify({ emailAddresses: [] }) },
  topicArn: { set: notify({ topicArn: TOPIC }) },
  kmsKeyArn: { set: notify({ kmsKeyArn: KEY }) },
  tags: TAGS,
};

const buildProject: Reach<BuildProjectProps> = {
  projectName: containerPipeline.buildProjectName,
  description: OF_THE_LAYER,
  buildspec: 'the pipeline writes it; testCommands are its open part',
  source: 'the pipeline',
  environment: containerPipeline.buildEnvironment,
  secrets: containerPipeline.buildSecrets,
  cpuArchitecture: containerPipeline.cpuArchitecture,
  image: containerPipeline.buildImage,
  computeType: containerPipeline.buildComputeType,
  privileged: 'a build of images needs it, and no other build has it',
  layerCache: containerPipeline.layerCache,
  timeoutMinutes: containerPipeline.buildTimeoutMinutes,
  queuedTimeoutMinutes: containerPipeline.buildQueuedTimeoutMinutes,
  roleStatements: 'what the pipeline does; a build that may do more would be a way around review',
  roleName: 'follows from the name of the project',
  permissionsBoundaryArn: containerPipeline.permissionsBoundaryArn,
  encryptionKeyArn: { set: { ...base, kmsKeyArn: KEY } },
  logRetentionDays: containerPipeline.logRetentionDays,
  tags: TAGS,
};

type Layers = NonNullable<CiCdConfigInput['layerPipeline']>;
const layers = (options: Partial<Layers> = {}): CiCdConfigInput => ({
  ...base,
  source: { provider: 'CodeCommit', repositoryName: 'shop' },
  layerPipeline: {
    layers: [{ layer: 'network', applyPolicyArns: [POLICY] }],
    terraformVersion: '1.12.2',
    terraformSha256: 'a'.repeat(64),
    ...options,
  },
});
const layered = (set: Partial<Layers>, defaultValue?: Partial<Layers>) => ({
  set: layers(set),
  ...(defaultValue !== undefined && { default: layers(defaultValue) }),
  from: layers(),
});
const oneLayer = (options: object) => ({ layers: [{ layer: 'network', applyPolicyArns: [POLICY], ...options }] });
const layerPipeline: Reach<LayerPipelineProps> = {
  pipelineName: layered({ pipelineName: 'all' }, { pipelineName: 'layers-pipeline' }),
  source: layered({ source: { provider: 'CodeCommit', repositoryName: 'infra' } }),
  environment: 'the environment of the layer',
  layers: 'each of its props has an entry below',
  artifactStore: OF_THE_LAYER,
  stateStatements: "follow from the environment's state",
  terraformVersion: layered({ terraformVersion: '1.13.0' }),
  terraformSha256: layered({ terraformSha256: 'b'.repeat(64) }),
  cpuArchitecture: layered({ cpuArchitecture: 'X86_64' }, { cpuArchitecture: 'ARM64' }),
  buildEnvironment: layered({ buildEnvironment: { TF_LOG: 'INFO' } }, { buildEnvironment: {} }),
  buildSecrets: layered({ buildSecrets: { TF_TOKEN_app_terraform_io: SECRET } }, { buildSecrets: {} }),
  approvalTopicArn: containerPipeline.approvalTopicArn,
  permissionsBoundaryArn: containerPipeline.permissionsBoundaryArn,
  logRetentionDays: containerPipeline.logRetentionDays,
  tags: TAGS,
};
const pipelineLayer: Reach<PipelineLayer> = {
  layer: layered(oneLayer({ layer: 'compute' })),
  planPolicyArns: layered(oneLayer({ planPolicyArns: [POLICY] })),
  applyPolicyArns: layered(oneLayer({ applyPolicyArns: [`${POLICY}2`] })),
  approvalTopicArn: layered(oneLayer({ approvalTopicArn: TOPIC })),
  autoApprove: layered(oneLayer({ autoApprove: true }), oneLayer({ autoApprove: false })),
};

const all: Readonly<Record<string, Readonly<Record<string, string | (Reached & { from?: CiCdConfigInput })>>>> = {
  ContainerPipeline: containerPipeline,
  'a deployment of ContainerPipeline': ecsDeployment,
  BlueGreenDeployment: blueGreenDeployment,
  'a smoke test': smokeTest,
  'a source': codeSource,
  CodeRepository: codeRepository,
  CodeConnection: codeConnection,
  PipelineEvents: pipelineEvents,
  BuildProject: buildProject,
  LayerPipeline: layerPipeline,
  'a layer of LayerPipeline': pipelineLayer,
};

const texts = new Map<string, string>();
/** The layer's JSON; each configuration is synthesized once. */
function text(config: CiCdConfigInput): string {
  const key = JSON.stringify(config);
  if (!texts.has(key)) texts.set(key, json(config, { state: STATE }));
  return texts.get(key)!;
}

describe.each(Object.entries(all))('%s', (_construct, props) => {
  const entries = Object.entries(props);
  const open = entries.filter(
    (entry): entry is [string, Reached & { from?: CiCdConfigInput }] => typeof entry[1] !== 'string',
  );

  test.each(open)('%s is reached from cdktf.json', (_prop, { set, default: defaultValue, from = base }) => {
    expect(text(set)).not.toBe(text(from));
    expect(text(defaultValue ?? from)).toBe(text(from));
  });

  test('what is left out has a reason', () => {
    const reasons = entries.map(([, reason]) => reason).filter((reason) => typeof reason === 'string');
    expect(reasons.filter((reason) => !/\w+ \w+/.test(reason))).toEqual([]);
  });
});
