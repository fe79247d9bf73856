import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort, startMoto, type Moto } from '../../../local/aws/moto';
import { createShim } from '../../../local/aws/shim';
import { findProgram } from '../../../local/toolchain';

// Moto's first answer of a service takes seconds on a machine that is busy.
jest.setTimeout(60_000);

const server = findProgram('moto_server');
// With CI=true a missing tool is a failure.
const withMoto = server === undefined && process.env.CI !== 'true' ? describe.skip : describe;
const ACCOUNT = 'ap-northeast-2:123456789012';

withMoto(
  `the services of pipelines, in front of a real moto${server === undefined ? ' (skipped: no moto_server on PATH)' : ''}`,
  () => {
    let moto: Moto;
    let shim: Server;

    beforeAll(async () => {
      moto = startMoto(server!, await freePort());
      await moto.ready;
      shim = createShim({ motoPort: moto.port });
      await new Promise<void>((resolve) => shim.listen(0, '127.0.0.1', resolve));
    }, 120_000);

    afterAll(async () => {
      shim?.closeAllConnections();
      await new Promise((resolve) => (shim === undefined ? resolve(undefined) : shim.close(resolve)));
      moto?.process.kill('SIGKILL');
    });

    async function call(
      service: string,
      target: string,
      input: object = {},
    ): Promise<{ readonly status: number; readonly answer: Record<string, never> & Record<string, unknown> }> {
      const response = await fetch(`http://127.0.0.1:${(shim.address() as AddressInfo).port}`, {
        method: 'POST',
        body: JSON.stringify(input),
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/ap-northeast-2/${service}/aws4_request, SignedHeaders=host, Signature=0`,
          'x-amz-target': target,
          'content-type': 'application/x-amz-json-1.1',
        },
      });
      const text = await response.text();
      return { status: response.status, answer: JSON.parse(text === '' ? '{}' : text) as never };
    }

    test('a repository, its tags, and changes', async () => {
      const codecommit = (operation: string, input?: object) =>
        call('codecommit', `CodeCommit_20150413.${operation}`, input);
      await codecommit('CreateRepository', {
        repositoryName: 'shop',
        repositoryDescription: 'a',
        tags: { team: 'web' },
      });
      expect((await codecommit('CreateRepository', { repositoryName: 'shop' })).answer).toMatchObject({
        __type: 'RepositoryNameExistsException',
      });
      await codecommit('UpdateRepositoryDescription', { repositoryName: 'shop', repositoryDescription: 'b' });
      const { answer } = await codecommit('GetRepository', { repositoryName: 'shop' });
      expect(answer.repositoryMetadata).toMatchObject({
        Arn: `arn:aws:codecommit:${ACCOUNT}:shop`,
        repositoryDescription: 'b',
        creationDate: expect.any(Number),
        cloneUrlHttp: 'https://git-codecommit.ap-northeast-2.amazonaws.com/v1/repos/shop',
      });
      await codecommit('TagResource', { resourceArn: `arn:aws:codecommit:${ACCOUNT}:shop`, tags: { more: '1' } });
      await codecommit('UntagResource', { resourceArn: `arn:aws:codecommit:${ACCOUNT}:shop`, tagKeys: ['team'] });
      expect(
        (await codecommit('ListTagsForResource', { resourceArn: `arn:aws:codecommit:${ACCOUNT}:shop` })).answer,
      ).toEqual({ tags: { more: '1' } });
      await codecommit('DeleteRepository', { repositoryName: 'shop' });
      expect(await codecommit('GetRepository', { repositoryName: 'shop' })).toMatchObject({
        status: 400,
        answer: { __type: 'RepositoryDoesNotExistException' },
      });
    });

    test("a build project, as it was given, with AWS's defaults", async () => {
      const codebuild = (operation: string, input?: object) =>
        call('codebuild', `CodeBuild_20161006.${operation}`, input);
      const project = {
        name: 'build',
        serviceRole: 'arn:aws:iam::1:role/r',
        source: { type: 'CODEPIPELINE', buildspec: '{}' },
        artifacts: { type: 'CODEPIPELINE' },
        environment: { type: 'ARM_CONTAINER' },
      };
      await codebuild('CreateProject', project);
      await codebuild('UpdateProject', { name: 'build', timeoutInMinutes: 90 });
      const { answer } = await codebuild('BatchGetProjects', { names: ['build', 'other'] });
      expect(answer).toMatchObject({
        projects: [
          {
            ...project,
            timeoutInMinutes: 90,
            queuedTimeoutInMinutes: 480,
            cache: { type: 'NO_CACHE' },
            artifacts: { type: 'CODEPIPELINE', name: 'build' },
            created: expect.any(Number),
          },
        ],
        projectsNotFound: ['other'],
      });
      await codebuild('DeleteProject', { name: `arn:aws:codebuild:${ACCOUNT}:project/build` });
      expect((await codebuild('ListProjects')).answer).toEqual({ projects: [] });
      expect((await codebuild('UpdateProject', { name: 'build' })).answer).toMatchObject({
        __type: 'ResourceNotFoundException',
      });
    });

    test('an application of CodeDeploy with its group and configuration', async () => {
      const codedeploy = (operation: string, input?: object) =>
        call('codedeploy', `CodeDeploy_20141006.${operation}`, input);
      expect(
        (await codedeploy('CreateDeploymentGroup', { applicationName: 'web', deploymentGroupName: 'g' })).answer,
      ).toMatchObject({ __type: 'ApplicationDoesNotExistException' });
      await codedeploy('CreateApplication', {
        applicationName: 'web',
        computePlatform: 'ECS',
        tags: [{ Key: 'team', Value: 'web' }],
      });
      expect((await codedeploy('GetApplication', { applicationName: 'web' })).answer.application).toMatchObject({
        computePlatform: 'ECS',
        createTime: expect.any(Number),
      });
      expect(
        (await codedeploy('ListTagsForResource', { ResourceArn: `arn:aws:codedeploy:${ACCOUNT}:application:web` }))
          .answer,
      ).toEqual({ Tags: [{ Key: 'team', Value: 'web' }] });
      await codedeploy('CreateDeploymentGroup', {
        applicationName: 'web',
        deploymentGroupName: 'g',
        alarmConfiguration: { enabled: true, alarms: [{ name: 'a' }] },
      });
      await codedeploy('UpdateDeploymentGroup', {
        applicationName: 'web',
        currentDeploymentGroupName: 'g',
        newDeploymentGroupName: 'h',
        serviceRoleArn: 'r',
      });
      expect(
        (await codedeploy('GetDeploymentGroup', { applicationName: 'web', deploymentGroupName: 'h' })).answer
          .deploymentGroupInfo,
      ).toMatchObject({
        computePlatform: 'ECS',
        deploymentGroupName: 'h',
        serviceRoleArn: 'r',
        alarmConfiguration: { enabled: true, alarms: [{ name: 'a' }] },
      });
      expect(
        (await codedeploy('GetDeploymentGroup', { applicationName: 'web', deploymentGroupName: 'g' })).status,
      ).toBe(400);
      await codedeploy('CreateDeploymentConfig', {
        deploymentConfigName: 'c',
        trafficRoutingConfig: { type: 'TimeBasedLinear' },
      });
      expect(
        (await codedeploy('GetDeploymentConfig', { deploymentConfigName: 'c' })).answer.deploymentConfigInfo,
      ).toMatchObject({ trafficRoutingConfig: { type: 'TimeBasedLinear' } });
      for (const [operation, input] of [
        ['DeleteDeploymentGroup', { applicationName: 'web', deploymentGroupName: 'h' }],
        ['DeleteDeploymentConfig', { deploymentConfigName: 'c' }],
        ['DeleteApplication', { applicationName: 'web' }],
      ] as const) {
        expect((await codedeploy(operation, input)).status).toBe(200);
      }
      expect((await codedeploy('ListApplications')).answer).toEqual({ applications: [] });
    });

    test('a connection waits to be confirmed', async () => {
      const connections = (operation: string, input?: object) =>
        call(
          'codestar-connections',
          `com.amazonaws.codestar.connections.CodeStar_connections_20191201.${operation}`,
          input,
        );
      const { answer } = await connections('CreateConnection', {
        ConnectionName: 'github',
        ProviderType: 'GitHub',
        Tags: [{ Key: 'a', Value: 'b' }],
      });
      expect((await connections('GetConnection', answer)).answer.Connection).toMatchObject({
        ConnectionName: 'github',
        ConnectionStatus: 'PENDING',
        ProviderType: 'GitHub',
      });
      await connections('DeleteConnection', answer);
      expect(await connections('GetConnection', answer)).toMatchObject({
        status: 400,
        answer: { __type: 'ResourceNotFoundException' },
      });
    });

    test('a family is at its latest revision that is active', async () => {
      const ecs = (operation: string, input?: object) =>
        call('ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, input);
      const register = (family: string) =>
        ecs('RegisterTaskDefinition', { family, containerDefinitions: [{ name: 'a', image: 'a:1', memory: 128 }] });
      const latest = async (): Promise<unknown> =>
        (await ecs('DescribeTaskDefinition', { taskDefinition: 'web' })).answer;
      for (const family of ['web', 'web', 'web', 'web-2']) await register(family);
      expect(await latest()).toMatchObject({ taskDefinition: { revision: 3 } });
      await ecs('DeregisterTaskDefinition', { taskDefinition: 'web:3' });
      expect(await latest()).toMatchObject({ taskDefinition: { revision: 2, status: 'ACTIVE' } });
      expect((await ecs('DescribeTaskDefinition', { taskDefinition: 'web:3' })).answer).toMatchObject({
        taskDefinition: { status: 'INACTIVE' },
      });
      for (const revision of [1, 2]) await ecs('DeregisterTaskDefinition', { taskDefinition: `web:${revision}` });
      expect(await latest()).toMatchObject({
        __type: 'ClientException',
        message: 'Unable to describe task definition.',
      });
    });

    test('a pipeline has dates that can be read', async () => {
      const iam = (action: string, more: Record<string, string>) =>
        fetch(`http://127.0.0.1:${(shim.address() as AddressInfo).port}`, {
          method: 'POST',
          body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...more }),
          headers: {
            authorization:
              'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
          },
        });
      const trust = {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'codepipeline.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      };
      await iam('CreateRole', { RoleName: 'p', AssumeRolePolicyDocument: JSON.stringify(trust) });
      const codepipeline = (operation: string, input?: object) =>
        call('codepipeline', `CodePipeline_20150709.${operation}`, input);
      const stage = (name: string, category: string, provider: string) => ({
        name,
        actions: [{ name, actionTypeId: { category, owner: 'AWS', provider, version: '1' } }],
      });
      await codepipeline('CreatePipeline', {
        pipeline: {
          name: 'p',
          roleArn: 'arn:aws:iam::123456789012:role/p',
          artifactStore: { type: 'S3', location: 'b' },
          stages: [stage('Source', 'Source', 'S3'), stage('Build', 'Build', 'CodeBuild')],
        },
      });
      const { answer } = await codepipeline('GetPipeline', { name: 'p' });
      expect(answer.metadata).toMatchObject({ created: expect.any(Number), updated: expect.any(Number) });
      expect((await codepipeline('ListPipelines')).answer.pipelines).toMatchObject([
        { name: 'p', created: expect.any(Number) },
      ]);
    });
  },
);
