import { LayerPipeline, type LayerPipelineProps } from '@strata/codepipeline';
import { synthResources } from '../../../support/synth-resources';

const policy = (name: string): string => `arn:aws:iam::123456789012:policy/${name}`;
const props: LayerPipelineProps = {
  pipelineName: 'layers',
  source: { provider: 'CodeCommit', repositoryName: 'shop' },
  environment: 'dev',
  artifactStore: { bucketName: 'artifacts', bucketArn: 'arn:aws:s3:::artifacts' },
  terraformVersion: '1.12.2',
  terraformSha256: 'a'.repeat(64),
  layers: [
    { layer: 'network', applyPolicyArns: [policy('network')], approvalTopicArn: 'arn:aws:sns:r:1:network' },
    { layer: 'compute', applyPolicyArns: [policy('compute')] },
  ],
};
const synth = (more: Partial<LayerPipelineProps> = {}) =>
  synthResources((scope) => new LayerPipeline(scope, 'layers', { ...props, ...more }));

interface Action {
  readonly name: string;
  readonly run_order?: number;
  readonly input_artifacts?: string[];
  readonly output_artifacts?: string[];
  readonly configuration: Record<string, string>;
}
const stagesOf = (made: ReturnType<typeof synth>) =>
  made.one('aws_codepipeline').stage as { name: string; action: Action[] }[];

test('each layer is planned, approved by its owner, and that plan applied, one after the other', () => {
  const made = synth({ approvalTopicArn: 'arn:aws:sns:r:1:all' });
  const [source, network, compute] = stagesOf(made);
  expect([source!.name, network!.name, compute!.name]).toEqual(['Source', 'network', 'compute']);
  expect(network!.action.map(({ name, run_order: order }) => `${order} ${name}`)).toEqual([
    '1 Plan',
    '2 Approve',
    '3 Apply',
  ]);
  expect(network!.action[0]!.output_artifacts).toEqual(network!.action[2]!.input_artifacts);
  expect(network!.action[1]!.configuration).toEqual({
    CustomData: 'network: #{Plan-network.PLAN_SUMMARY}. The plan is in the log of the action Plan.',
    NotificationArn: 'arn:aws:sns:r:1:network',
  });
  expect(compute!.action[1]!.configuration.NotificationArn).toBe('arn:aws:sns:r:1:all');
  expect(made.one('aws_codepipeline').execution_mode).toBe('QUEUED');
});

test('who plans may read, who applies may do what the owner says', () => {
  const attachments = synth()
    .all('aws_iam_role_policy_attachment')
    .map(({ policy_arn: arn }) => String(arn));
  expect(attachments.filter((arn) => arn.endsWith(':iam::aws:policy/ReadOnlyAccess'))).toHaveLength(2);
  expect(attachments).toEqual(expect.arrayContaining([policy('network'), policy('compute')]));
});

test('the builds know layer, environment and Terraform, and reach the state', () => {
  const made = synth({
    stateStatements: (layer, step) => [
      { sid: 'State', actions: ['s3:GetObject'], resources: [`arn:aws:s3:::state/${layer}/${step}`] },
    ],
    buildSecrets: { TF_TOKEN_app_terraform_io: 'arn:aws:secretsmanager:r:123456789012:secret:t-AbCdEf' },
    cpuArchitecture: 'X86_64',
  });
  const projects = made.all('aws_codebuild_project') as {
    name: string;
    environment: { environment_variable: { name: string; value: string }[] };
  }[];
  expect(projects.map(({ name }) => name).sort()).toEqual([
    'layers-compute-apply',
    'layers-compute-plan',
    'layers-network-apply',
    'layers-network-plan',
  ]);
  const variables = Object.fromEntries(
    projects
      .find(({ name }) => name === 'layers-network-plan')!
      .environment.environment_variable.map(({ name, value }) => [name, value]),
  );
  expect(variables).toMatchObject({
    LAYER: 'network',
    STRATA_ENVIRONMENT: 'dev',
    TERRAFORM_VERSION: '1.12.2',
    TERRAFORM_PLATFORM: 'linux_amd64',
    TERRAFORM_SHA256: 'a'.repeat(64),
  });
  expect(variables).toHaveProperty('TF_TOKEN_app_terraform_io');
  const states = made
    .all('aws_iam_role_policy')
    .map(({ policy: text }) => /arn:aws:s3:::state\/[a-z/]+/.exec(String(text))?.[0])
    .filter((arn) => arn !== undefined);
  expect(states.sort()).toEqual(
    ['compute/apply', 'compute/plan', 'network/apply', 'network/plan'].map((end) => `arn:aws:s3:::state/${end}`),
  );
});

test('a layer can go without an approval', () => {
  const [, network] = stagesOf(synth({ layers: [{ ...props.layers[0]!, autoApprove: true }] }));
  expect(network!.action.map(({ name }) => name)).toEqual(['Plan', 'Apply']);
});

test.each<[Partial<LayerPipelineProps>, string]>([
  [{ layers: [] }, 'layers: an empty list applies nothing'],
  [{ layers: [props.layers[0]!, props.layers[0]!] }, 'layers: "network" is applied twice'],
  [
    { layers: [{ layer: 'Network', applyPolicyArns: [policy('x')] }] },
    'layers[0].layer: "Network" is not the id of a layer',
  ],
  [
    { layers: [{ layer: 'network', applyPolicyArns: [] }] },
    'layers[0].applyPolicyArns: without a policy nothing can be applied',
  ],
  [
    { layers: [{ layer: 'network', applyPolicyArns: ['AdministratorAccess'] }] },
    'layers[0].applyPolicyArns: "AdministratorAccess" is not the ARN of a managed policy',
  ],
  [{ terraformVersion: 'latest' }, 'terraformVersion: "latest" is not a version'],
  [{ terraformSha256: 'abc' }, 'terraformSha256: "abc" is not a SHA-256'],
  [{ source: { provider: 'CodeCommit', repositoryName: 'a/b' } }, 'source.repositoryName: "a/b"'],
])('%j is refused', (more, message) => expect(() => synth(more)).toThrow(message));
