import {
  CodeConnection,
  CodeRepository,
  sourceAction,
  sourceStatements,
  sourceTriggers,
  SourceTrigger,
  type CodeSource,
  type SourceTriggerProps,
} from '@strata/codepipeline';
import { TerraformOutput } from 'cdktf';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

const connection = 'arn:aws:codeconnections:ap-northeast-2:123456789012:connection/0f1e2d3c';
const git: CodeSource = { provider: 'CodeConnections', connectionArn: connection, repositoryId: 'example/shop' };
const pipeline = {
  pipelineName: 'app-web-pipeline',
  pipelineArn: 'arn:aws:codepipeline:ap-northeast-2:123456789012:app-web-pipeline',
};
const trigger = (source: object) =>
  synthResources(
    (scope) =>
      new SourceTrigger(scope, 'trigger', {
        ...pipeline,
        source: { provider: 'CodeCommit', repositoryName: 'shop', ...source } as SourceTriggerProps['source'],
      }),
  );
const pattern = (made: ReturnType<typeof trigger>) =>
  made.document('aws_cloudwatch_event_rule', 'event_pattern') as { detail: object };

describe('a CodeCommit source', () => {
  test('is taken at the commit of the run, without polling', () => {
    expect(sourceAction({ provider: 'CodeCommit', repositoryName: 'shop', branch: 'release' }, 'role')).toMatchObject({
      provider: 'CodeCommit',
      roleArn: 'role',
      configuration: { RepositoryName: 'shop', BranchName: 'release', PollForSourceChanges: 'false' },
      outputArtifacts: ['Source'],
    });
    expect(sourceTriggers({ provider: 'CodeCommit', repositoryName: 'shop' })).toEqual([]);
  });

  test('starts the pipeline at the commit pushed to its branch', () => {
    const made = trigger({});
    expect(pattern(made).detail).toEqual({
      event: ['referenceCreated', 'referenceUpdated'],
      referenceType: ['branch'],
      referenceName: ['main'],
    });
    const target = made.one('aws_cloudwatch_event_target') as {
      arn: string;
      input_transformer: { input_paths: object; input_template: string };
    };
    expect(target.arn).toBe(pipeline.pipelineArn);
    expect(target.input_transformer.input_paths).toEqual({ commit: '$.detail.commitId' });
    expect(JSON.parse(target.input_transformer.input_template)).toEqual({
      sourceRevisions: [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue: '<commit>' }],
    });
    expect(made.document('aws_iam_role_policy')).toMatchObject({
      Statement: [{ Action: ['codepipeline:StartPipelineExecution'], Resource: [pipeline.pipelineArn] }],
    });
    expect(made.types).not.toContain('aws_codebuild_project');
  });

  test('follows several branches, or tags instead', () => {
    expect(pattern(trigger({ branchPatterns: ['main', 'release/*'] })).detail).toMatchObject({
      referenceName: ['main', { wildcard: 'release/*' }],
    });
    expect(pattern(trigger({ tagPatterns: ['v*'] })).detail).toMatchObject({
      referenceType: ['tag'],
      referenceName: [{ wildcard: 'v*' }],
    });
  });

  test('with paths asks a build first, which alone may start the pipeline', () => {
    const made = trigger({ pathPatterns: ['app-web/**'] });
    const project = made.one('aws_codebuild_project') as {
      name: string;
      environment: { environment_variable: { name: string; value: string }[]; privileged_mode: boolean };
    };
    expect(project.name).toBe('app-web-pipeline-filter');
    expect(project.environment.privileged_mode).toBe(false);
    expect(
      Object.fromEntries(project.environment.environment_variable.map(({ name, value }) => [name, value])),
    ).toEqual({
      REPOSITORY_NAME: 'shop',
      PIPELINE_NAME: 'app-web-pipeline',
      SOURCE_ACTION_NAME: 'Source',
      PATH_PATTERNS: '["app-web/**"]',
    });
    expect(String(made.one('aws_cloudwatch_event_target').arn)).toContain('project/app-web-pipeline-filter');
    const actions = made
      .all('aws_iam_role_policy')
      .flatMap(({ policy }) =>
        parseTerraformJson<{ Statement: { Action: string[] }[] }>(policy).Statement.flatMap(({ Action }) => Action),
      );
    expect(actions.sort()).toEqual([
      'codebuild:StartBuild',
      'codecommit:GetDifferences',
      'codepipeline:StartPipelineExecution',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});

describe('a connection', () => {
  test('has its own triggers, which name the action', () => {
    expect(sourceTriggers(git)).toEqual([
      {
        providerType: 'CodeStarSourceConnection',
        gitConfiguration: { sourceActionName: 'Source', push: [{ branches: { includes: ['main'] } }] },
      },
    ]);
    expect(
      sourceTriggers({ ...git, branchPatterns: ['main'], pathPatterns: ['a/**'] })[0]!.gitConfiguration.push,
    ).toEqual([{ branches: { includes: ['main'] }, filePaths: { includes: ['a/**'] } }]);
    expect(sourceTriggers({ ...git, tagPatterns: ['v*'] })[0]!.gitConfiguration.push).toEqual([
      { tags: { includes: ['v*'] } },
    ]);
    expect(sourceAction(git, 'role').configuration).toEqual({
      ConnectionArn: connection,
      FullRepositoryId: 'example/shop',
      BranchName: 'main',
      DetectChanges: 'false',
    });
  });

  test('is allowed under both of its names', () => {
    let statements: unknown;
    synthResources((scope) => {
      statements = sourceStatements(scope, git);
    });
    expect(statements).toEqual([
      {
        sid: 'UseConnection',
        actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
        resources: [connection, connection.replace('codeconnections', 'codestar-connections')],
      },
    ]);
  });

  test('is made for a provider', () => {
    const made = synthResources((scope) => {
      const { connectionArn } = new CodeConnection(scope, 'github', {
        connectionName: 'github',
        providerType: 'GitHub',
        tags: { team: 'web' },
      });
      new TerraformOutput(scope, 'arn', { value: connectionArn });
    });
    expect(made.one('aws_codestarconnections_connection')).toMatchObject({
      name: 'github',
      provider_type: 'GitHub',
      tags: { team: 'web' },
    });
    expect(() =>
      synthResources(
        (scope) => new CodeConnection(scope, 'c', { connectionName: 'a b', providerType: 'Gitea' as 'GitHub' }),
      ),
    ).toThrow(/connectionName: "a b".*\n.*providerType: "Gitea" is not allowed; use one of GitHub, GitLab, Bitbucket/);
  });
});

describe('a repository', () => {
  const repository = (props: object) =>
    synthResources((scope) => new CodeRepository(scope, 'r', { repositoryName: 'shop', ...props })).one(
      'aws_codecommit_repository',
    );
  test('is not destroyed by accident', () => {
    expect(repository({})).toMatchObject({ repository_name: 'shop', lifecycle: { prevent_destroy: true } });
    expect(repository({ preventDestroy: false, kmsKeyArn: 'k', description: 'd', tags: { a: 'b' } })).toMatchObject({
      lifecycle: { prevent_destroy: false },
      kms_key_id: 'k',
      description: 'd',
      tags: { a: 'b' },
    });
  });
  test.each(['', 'a b', 'shop.git', 'x'.repeat(101)])('is not called "%s"', (repositoryName) =>
    expect(() => repository({ repositoryName })).toThrow('repositoryName'),
  );
});

test.each<[object, string]>([
  [{ repositoryName: 'a/b' }, 'source.repositoryName: "a/b" is not a CodeCommit repository name'],
  [
    { branch: 'feature/*' },
    'source.branch: "feature/*" is not a branch name; name one branch, and use branchPatterns for several',
  ],
  [{ branchPatterns: [] }, 'source.branchPatterns: with an empty list nothing starts the pipeline'],
  [
    { pathPatterns: ['/app-web/**'] },
    'source.pathPatterns: "/app-web/**" is not a pattern; use 1 to 255 characters, without a slash at the start',
  ],
  [
    { pathPatterns: Array.from({ length: 9 }, (_, i) => `${i}`) },
    'source.pathPatterns: 9 patterns, CodePipeline accepts at most 8; combine some with *',
  ],
  [
    { tagPatterns: ['v*'], pathPatterns: ['a'] },
    'source.pathPatterns: it cannot be combined with tagPatterns, as a tag is on no branch and changes no file; leave one of the two out',
  ],
  [
    { provider: 'CodeConnections', connectionArn: 'x', repositoryId: 'shop' },
    'source.connectionArn: "x" is not the ARN of a connection',
  ],
  [
    { provider: 'CodeConnections', connectionArn: connection, repositoryId: 'shop' },
    'source.repositoryId: "shop" is not a repository; write <owner>/<name>',
  ],
])('%j is refused', (source, message) => expect(() => trigger(source)).toThrow(message));
