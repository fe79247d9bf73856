import { BuildProject, type BuildProjectProps, smokeTestBuildspec } from '@strata/codepipeline';
import { synthResources } from '../../../support/synth-resources';

const props: BuildProjectProps = { projectName: 'appWebBuild', source: 'pipeline', buildspec: smokeTestBuildspec() };
const synth = (more: Partial<BuildProjectProps> = {}) =>
  synthResources((scope) => new BuildProject(scope, 'build', { ...props, ...more }));
const project = (more: Partial<BuildProjectProps> = {}) => synth(more).one('aws_codebuild_project');

test('is small, of ARM, without Docker, and keeps its logs', () => {
  const made = synth();
  expect(made.one('aws_codebuild_project')).toMatchObject({
    name: 'appWebBuild',
    environment: {
      type: 'ARM_CONTAINER',
      image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
      compute_type: 'BUILD_GENERAL1_SMALL',
      privileged_mode: false,
      image_pull_credentials_type: 'CODEBUILD',
    },
    source: { type: 'CODEPIPELINE' },
    artifacts: { type: 'CODEPIPELINE' },
    build_timeout: 30,
  });
  expect(made.one('aws_codebuild_project').cache).toBeUndefined();
  expect(made.one('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/codebuild/appWebBuild',
    retention_in_days: 30,
  });
});

test("its role is CodeBuild's for this project alone, and may write its logs", () => {
  const made = synth();
  expect(JSON.stringify(made.document('aws_iam_role', 'assume_role_policy'))).toContain('project/appWebBuild');
  expect(made.document('aws_iam_role_policy')).toMatchObject({
    Statement: [{ Sid: 'WriteLogs', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }],
  });
});

test("Terraform leaves the shell's variables alone", () => {
  const { buildspec } = project().source as { buildspec: string };
  expect(buildspec).toContain('$${EXPECTED_TEXT:+');
  expect(buildspec).not.toMatch(/(^|[^$])\$\{/);
});

test('every option', () => {
  const secret = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:npm-AbCdEf';
  const made = synth({
    source: 'none',
    cpuArchitecture: 'X86_64',
    privileged: true,
    layerCache: true,
    computeType: 'BUILD_GENERAL1_LARGE',
    timeoutMinutes: 90,
    queuedTimeoutMinutes: 10,
    environment: { A: '1' },
    secrets: { TOKEN: secret },
    roleName: 'builder',
    permissionsBoundaryArn: 'arn:aws:iam::1:policy/b',
    encryptionKeyArn: 'arn:aws:kms:r:1:key/k',
    logRetentionDays: 7,
    tags: { team: 'web' },
    roleStatements: [{ sid: 'Read', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] }],
    description: 'Builds',
  });
  expect(made.one('aws_codebuild_project')).toMatchObject({
    source: { type: 'NO_SOURCE' },
    artifacts: { type: 'NO_ARTIFACTS' },
    build_timeout: 90,
    queued_timeout: 10,
    encryption_key: 'arn:aws:kms:r:1:key/k',
    description: 'Builds',
    cache: { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] },
    environment: {
      type: 'LINUX_CONTAINER',
      image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
      compute_type: 'BUILD_GENERAL1_LARGE',
      privileged_mode: true,
      environment_variable: [
        { name: 'A', value: '1', type: 'PLAINTEXT' },
        { name: 'TOKEN', value: secret, type: 'SECRETS_MANAGER' },
      ],
    },
  });
  expect(made.one('aws_iam_role')).toMatchObject({
    name: 'builder',
    permissions_boundary: 'arn:aws:iam::1:policy/b',
    tags: { team: 'web' },
  });
  const { Statement } = made.document('aws_iam_role_policy') as { Statement: { Sid: string; Resource: unknown }[] };
  expect(Statement.map(({ Sid }) => Sid)).toEqual(['WriteLogs', 'ReadSecrets', 'DecryptSecrets', 'Read']);
  expect(Statement[1]!.Resource).toEqual([secret]);
  expect(Statement[2]).toMatchObject({
    Action: ['kms:Decrypt'],
    Condition: {
      StringEquals: {
        'kms:EncryptionContext:SecretARN': [secret],
        'kms:ViaService': expect.stringMatching(/^secretsmanager\./),
      },
    },
  });
  expect(project({ image: 'public.ecr.aws/x/y:1' }).environment).toMatchObject({
    image: 'public.ecr.aws/x/y:1',
    image_pull_credentials_type: 'SERVICE_ROLE',
  });
});

const statement = (more: Partial<BuildProjectProps>, sid: string) =>
  (
    synth(more).document('aws_iam_role_policy') as { Statement: { Sid: string; Resource: readonly string[] }[] }
  ).Statement.find(({ Sid }) => Sid === sid);

test("a part of a secret is read by the secret's own ARN", () => {
  const secret = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:npm-AbCdEf';
  expect(statement({ secrets: { A: `${secret}:token::`, B: secret } }, 'ReadSecrets')!.Resource).toEqual([secret]);
});

test("an image in ECR is pulled with the build's role", () => {
  expect(
    statement({ image: '210987654321.dkr.ecr.us-east-1.amazonaws.com/tools/node@sha256:0' }, 'BuildImagePullImages')!
      .Resource,
  ).toEqual([expect.stringMatching(/:ecr:us-east-1:210987654321:repository\/tools\/node$/)]);
  expect(statement({ image: 'public.ecr.aws/x/y:1' }, 'BuildImagePullImages')).toBeUndefined();
});

test.each<[Partial<BuildProjectProps>, string]>([
  [{ projectName: 'a b' }, 'projectName: "a b" is not a build project name; allowed are 2 or more letters'],
  [{ source: 'git' as 'none' }, 'source: "git" is not allowed; use one of pipeline, none'],
  [{ cpuArchitecture: 'ARM' as 'ARM64' }, 'cpuArchitecture: "ARM" is not allowed; use one of ARM64, X86_64'],
  [
    { computeType: 'small' },
    'computeType: "small" is not a CodeBuild compute type; use one such as BUILD_GENERAL1_SMALL',
  ],
  [
    { layerCache: true },
    'layerCache: only a build that runs Docker has image layers; set privileged too, or leave it out',
  ],
  [{ timeoutMinutes: 4 }, 'timeoutMinutes: 4 is out of range; use a whole number from 5 to 2160 minutes'],
  [
    { queuedTimeoutMinutes: 481 },
    'queuedTimeoutMinutes: 481 is out of range; use a whole number from 5 to 480 minutes',
  ],
  [{ logRetentionDays: 8 }, 'logRetentionDays: 8 is not a CloudWatch Logs retention period'],
  [{ environment: { 'A-B': '' } }, 'environment: "A-B" is not the name of an environment variable'],
  [
    { environment: { CODEBUILD_X: '' } },
    'environment: "CODEBUILD_X" starts with "CODEBUILD_", which CodeBuild reserves',
  ],
  [{ secrets: { A: 'secret' } }, 'secrets: "secret" is not the full ARN of a secret'],
  [
    { secrets: { A: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:npm' } },
    ':secret:<name>-<6 characters>',
  ],
  [{ computeType: 'BUILD_LAMBDA_1GB' }, 'computeType: "BUILD_LAMBDA_1GB" is not a CodeBuild compute type'],
  [
    { secrets: { A: 'arn:aws:secretsmanager:r:123456789012:secret:a-AbCdEf' }, environment: { A: '' } },
    'secrets: "A" is in environment too; leave it out there',
  ],
])('%j is refused', (more, message) => expect(() => synth(more)).toThrow(message));
