// From an empty account to images that ship: the ci-cd layer beside the others, and what its pipelines do, walked
// through with what was deployed.
import { CodePipelineRun, awsCli } from '../support/e2e/code-pipeline';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { oneLine, runCommand } from '../support/e2e/command';
import { journey, missingTools } from '../support/e2e/journey';
import { repository } from '../support/e2e/project';
import { added, inventory } from '../support/e2e/remaining';
import { World } from '../support/e2e/world';

const LAYERS = ['network', 'registry', 'compute', 'ci-cd'];
const REGISTRY = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com';
const commit = (letter: string): string => letter.repeat(40);
const image = (app: string, letter: string, number: number): string =>
  `${REGISTRY}/${app}:${letter.repeat(12)}-${number}`;
const alone = { STRATA_LAYERS: 'ci-cd' };

const tsx = path.join(repository, 'node_modules/tsx/dist/cli.mjs');

/** A docker that does nothing but note how it was called. */
function standInDocker() {
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-docker-'));
  const [program, log] = [path.join(folder, 'docker'), path.join(folder, 'calls')];
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${log}\n`);
  chmodSync(program, 0o755);
  return {
    folder,
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** app-web step by step, app-was blue/green. */
const COMPUTE = {
  services: { 'app-was': { deploymentController: 'CODE_DEPLOY', alarms: true, rollBackOnAlarms: true } },
};
const CI_CD = {
  pipelines: {
    'app-web': { pathPatterns: ['app-web/**'] },
    'app-was': {
      deployment: { type: 'blue-green', trafficShift: { type: 'canary', percentage: 20 }, rollBackOnAlarms: true },
    },
    'model-endpoint': {},
  },
};

journey(
  'the ci-cd layer',
  (step) => {
    const world = new World();
    let web: CodePipelineRun;
    let was: CodePipelineRun;
    const layers = (ciCd: object) => ({
      state: { type: 'local' },
      layers: { network: {}, registry: {}, compute: COMPUTE, 'ci-cd': ciCd },
    });
    const planIsEmpty = async (...names: string[]): Promise<void> =>
      expect(await world.project.changes(names)).toEqual(Object.fromEntries(names.map((name) => [name, []])));
    afterAll(() => world.stop());

    step('the emulator starts', () => world.start());

    step('cdktf deploy makes the layers that it reads, in an empty account', async () => {
      world.configure(layers(CI_CD));
      await world.project.deploy(['network', 'registry', 'compute']);
    });

    step('cdktf deploy ci-cd makes the pipelines beside them', async () => {
      await world.project.deploy(['ci-cd'], alone);
      web = new CodePipelineRun(world.aws.environment, 'app-web-pipeline');
      was = new CodePipelineRun(world.aws.environment, 'app-was-pipeline');
      const { pipelines } = web.aws<{ pipelines: { name: string }[] }>('codepipeline', 'list-pipelines');
      expect(pipelines.map(({ name }) => name).sort()).toEqual([
        'app-was-pipeline',
        'app-web-pipeline',
        'model-endpoint-pipeline',
      ]);
      expect((await world.project.outputs('ci-cd')).pipelines).toMatchObject({
        'app-web': {
          source: 'https://git-codecommit.ap-northeast-2.amazonaws.com/v1/repos/app-web',
          branch: 'main',
          build_project_name: 'appWebBuild',
        },
      });
    });

    step('the second plan is empty', () => planIsEmpty('ci-cd'));

    step('a first image ships step by step, is written down, and Terraform sees no change', async () => {
      const files = await web.buildImage(commit('a'), 1, 'linux/arm64');
      expect(JSON.parse(files['imagedefinitions.json']!)).toEqual([
        { name: 'app-web', imageUri: image('app-web', 'a', 1) },
      ]);
      await web.deployRolling('Deploy-e2e', files['imagedefinitions.json']!);
      expect(web.deployedImage('/shop/e2e/images/app-web')).toBeUndefined();
      const release = await web.build('app-web-pipeline-e2e-release', { source: files });
      expect(release.output).toContain(`app-web-service runs ${image('app-web', 'a', 1)}`);
      expect(web.deployedImage('/shop/e2e/images/app-web')).toBe(image('app-web', 'a', 1));
      await planIsEmpty('compute');
    });

    step('a build that lacks a right is refused, with the role, the action and the resource', async () => {
      const project = 'app-web-pipeline-e2e-release';
      const { projects } = web.aws<{ projects: [{ serviceRole: string }] }>(
        'codebuild',
        'batch-get-projects',
        '--names',
        project,
      );
      const role = projects[0].serviceRole.split('/').at(-1)!;
      const named = [`--role-name=${role}`, '--policy-name=less'];
      const policy = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'ssm:PutParameter', Resource: '*' }],
      };
      web.aws('iam', 'put-role-policy', ...named, `--policy-document=${JSON.stringify(policy)}`);
      const { succeeded, output } = await web.build(project, {
        source: { 'imagedefinitions.json': JSON.stringify([{ name: 'app-web', imageUri: image('app-web', 'a', 1) }]) },
      });
      web.aws('iam', 'delete-role-policy', ...named);
      expect(output).toContain(
        `assumed-role/${role}/${project} is not authorized to perform: ssm:PutParameter on resource: ` +
          'arn:aws:ssm:ap-northeast-2:123456789012:parameter/shop/e2e/images/app-web with an explicit deny',
      );
      expect(succeeded).toBe(false);
    });

    step('a deployment that was rolled back is not written down, and leaves nothing behind', async () => {
      const files = await web.buildImage(commit('b'), 2, 'linux/arm64');
      const former = await web.deployRolling('Deploy-e2e', files['imagedefinitions.json']!);
      web.rollBack('Deploy-e2e', former);
      const release = await web.build('app-web-pipeline-e2e-release', { source: files });
      expect(release.succeeded).toBe(false);
      expect(release.output).toContain(
        `app-web-service runs ${image('app-web', 'a', 1)} and not ${image('app-web', 'b', 2)}: the deployment was rolled back`,
      );
      expect(web.deployedImage('/shop/e2e/images/app-web')).toBe(image('app-web', 'a', 1));
      // The revision that nobody runs is the latest: Terraform would put one on top.
      expect(await world.project.changes(['compute'])).not.toEqual({ compute: [] });
      const cleanUp = await web.build('app-web-pipeline-e2e-clean-up');
      expect(cleanUp.output).toContain('which was deployed and rolled back');
      await planIsEmpty('compute');
    });

    step('blue/green: Terraform sees no change while blue and green are swapped', async () => {
      const { blue_green: blueGreen } = (await world.project.outputs('compute')) as {
        blue_green: Record<string, { listener_arn: string; green_target_group_name: string }>;
      };
      const [cluster, service] = ['AppEcsCluster', 'app-was-service'];
      const green = was.aws<{ TargetGroups: [{ TargetGroupArn: string }] }>(
        'elbv2',
        'describe-target-groups',
        '--names',
        blueGreen['app-was']!.green_target_group_name,
      ).TargetGroups[0].TargetGroupArn;
      const files = await was.buildImage(commit('c'), 1, 'linux/arm64');
      const { revision, appSpec } = await was.registerForCodeDeploy('Deploy-e2e', files);
      expect(appSpec).toContain(
        `TaskDefinition: ${revision}\n        LoadBalancerInfo:\n          ContainerName: "app-was"\n          ContainerPort: 8081`,
      );

      const { taskSet } = was.aws<{ taskSet: { taskSetArn: string } }>(
        'ecs',
        'create-task-set',
        '--cluster',
        cluster,
        '--service',
        service,
        '--task-definition',
        revision,
        '--launch-type',
        'FARGATE',
        '--load-balancers',
        JSON.stringify([{ targetGroupArn: green, containerName: 'app-was', containerPort: 8081 }]),
      );
      was.aws(
        'elbv2',
        'modify-listener',
        '--listener-arn',
        blueGreen['app-was']!.listener_arn,
        '--default-actions',
        JSON.stringify([{ Type: 'forward', TargetGroupArn: green }]),
      );
      was.aws(
        'ecs',
        'update-service-primary-task-set',
        '--cluster',
        cluster,
        '--service',
        service,
        '--primary-task-set',
        taskSet.taskSetArn,
      );
      const release = await was.build('app-was-pipeline-e2e-release', { source: files });
      expect(release.output).toContain(`app-was-service runs ${image('app-was', 'c', 1)}`);
      expect(was.deployedImage('/shop/e2e/images/app-was')).toBe(image('app-was', 'c', 1));
      await planIsEmpty('compute');
    });

    step('a blue/green deployment that failed leaves nothing behind', async () => {
      const { revision } = await was.registerForCodeDeploy(
        'Deploy-e2e',
        await was.buildImage(commit('e'), 2, 'linux/arm64'),
      );
      const cleanUp = await was.build('app-was-pipeline-e2e-clean-up');
      expect(cleanUp.output).toContain(`deregistering ${revision}, which was deployed and rolled back`);
      expect(cleanUp.output).toContain(`app-was-service runs ${image('app-was', 'c', 1)}`);
      expect(cleanUp.succeeded).toBe(true);
      await planIsEmpty('compute');
    });

    step('an image of the inference container waits for the first model', async () => {
      const endpoint = new CodePipelineRun(world.aws.environment, 'model-endpoint-pipeline');
      const files = await endpoint.buildImage(commit('d'), 1, 'linux/amd64');
      expect((await endpoint.build('model-endpoint-pipeline-e2e-release', { source: files })).output).toContain(
        'there is no model layer yet',
      );
      expect(endpoint.deployedImage('/shop/e2e/images/model-endpoint')).toBe(image('model-endpoint', 'd', 1));
    });

    step(
      'npm run images does not push to AWS itself, deploys what is there, and Terraform sees no change',
      async () => {
        const docker = standInDocker();
        const environment = {
          ...world.aws.environment,
          PATH: [docker.folder, world.aws.environment.PATH].join(path.delimiter),
        };
        const images = (...args: string[]) =>
          runCommand(
            process.execPath,
            [
              tsx,
              '--tsconfig',
              path.join(repository, 'tsconfig.json'),
              path.join(repository, 'scripts/images/push.ts'),
              ...args,
            ],
            { cwd: world.project.folder, environment },
          );
        const toAws = await images('app-web', '--tag=by-hand', '--deploy');
        expect(toAws.output).toContain(`docker would log in and push to ${REGISTRY}, which is AWS itself`);
        expect(toAws.status).not.toBe(0);

        // The emulator has no registry: the image is one by name.
        const manifest = JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          config: { digest: `sha256:${'a'.repeat(64)}` },
          layers: [],
        });
        web.aws('ecr', 'put-image', '--repository-name=app-web', '--image-tag=by-hand', `--image-manifest=${manifest}`);
        const { status, output } = await images('app-web', '--tag=by-hand', '--deploy');
        expect(output).toContain(`app-web-service runs ${REGISTRY}/app-web:by-hand`);
        expect(status).toBe(0);
        expect(docker.calls()).toEqual([]);
        expect(web.deployedImage('/shop/e2e/images/app-web')).toBe(`${REGISTRY}/app-web:by-hand`);
        await planIsEmpty('compute');
        const refused = await images('app-was', '--tag=by-hand', '--deploy');
        expect(refused.output).toContain(
          'app-was-service is deployed blue/green by CodeDeploy; have its pipeline do it',
        );
        docker.remove();
      },
    );

    step('what does not fit compute is refused at plan, with what to change', async () => {
      world.configure(layers({ pipelines: { 'app-web': { cpuArchitecture: 'X86_64' }, 'app-was': {}, worker: {} } }));
      const { status, output } = await world.project.cdktf(['deploy', 'ci-cd', '--auto-approve'], alone);
      expect(status).not.toBe(0);
      const said = oneLine(output);
      expect(said).toContain(
        'the task definition of "app-web" is for ARM64, and pipelines.app-web.cpuArchitecture builds its image for X86_64. Change one of the two.',
      );
      expect(said).toContain(
        'CodeDeploy deploys "app-was" (deploymentController CODE_DEPLOY), but the pipeline "app-was" is configured for a rolling update. Set its deployment.type to "blue-green"',
      );
      expect(said).toContain(
        'it has no service "worker", which the pipeline "worker" deploys to. Its services: app-was, app-web.',
      );
      expect(said).toContain(
        'it has no repository "worker", to which the pipeline "worker" pushes. Its repositories: app-was, app-web, model-endpoint.',
      );
    });

    step('it changes beside the deployed layers, alone, in place', async () => {
      world.configure(
        layers({
          ...CI_CD,
          connections: { github: { providerType: 'GitHub' } },
          notifications: { emailAddresses: ['web@example.com'] },
          pipelines: {
            ...CI_CD.pipelines,
            'app-web': {
              approval: true,
              source: { provider: 'CodeConnections', connection: 'github', repositoryId: 'example/shop' },
            },
          },
        }),
      );
      const said = await world.project.apply('ci-cd', alone);
      expect(said).not.toMatch(/aws_codepipeline\.\S+: Destroying/);
      await planIsEmpty('ci-cd');
    });

    step('cdktf destroy leaves nothing of it', async () => {
      await world.project.destroy(LAYERS);
      const { inactiveTaskDefinitions: _inactive, ...left } = added(world.before, await inventory(world.clients));
      expect(left).toEqual({
        // What the pipelines made: where images are written down, and each revision that was in service when another
        // was attached.
        parameters: ['/shop/e2e/images/app-was', '/shop/e2e/images/app-web', '/shop/e2e/images/model-endpoint'],
        activeTaskDefinitions: expect.any(Array),
      });
      for (const [list, what] of [
        [['codepipeline', 'list-pipelines'], 'pipelines'],
        [['codebuild', 'list-projects'], 'projects'],
        [['codecommit', 'list-repositories'], 'repositories'],
        [['deploy', 'list-applications'], 'applications'],
        [['codestar-connections', 'list-connections'], 'Connections'],
        [['events', 'list-rules'], 'Rules'],
        [['sns', 'list-topics'], 'Topics'],
      ] as const) {
        expect([what, web.aws<Record<string, unknown>>(...list)[what]]).toEqual([what, []]);
      }
    });
  },
  missingTools() ?? (awsCli === undefined ? 'no aws on PATH: the AWS CLI runs what the builds call' : undefined),
);
