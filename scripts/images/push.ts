// `npm run images -- <app>`: builds and pushes an application's image by hand, as its pipeline would.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfig } from '@strata/core/config';
import { imageParameterName } from '@strata/ecs';
import { serviceNames } from '@strata/ecs-patterns';
import { computeConfig } from '@strata/stack-compute/config';
import { registryConfig } from '@strata/stack-registry/config';
import { ciCdConfig } from '@strata/stack-ci-cd/config';
import { pipelinesOf, repositoryOf, type PipelineConfig } from '@strata/stack-ci-cd/pipelines';
import { runCommand, UserError } from '../../local/toolchain';
import { HELP, readArguments, type Arguments } from './arguments';
import { deploy, requireDeployable, type Target } from './deploy';
import { requireDocker, runDocker } from './docker';
import { findRepository, logIn, requireRegistry } from './registry';

const root = resolve(__dirname, '../..');

interface Context {
  readonly project: string;
  readonly environment: string;
  readonly environments: Readonly<
    Record<string, { readonly region?: string; readonly layers?: Readonly<Record<string, unknown>> }>
  >;
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { project, environment, region, layers } = readEnvironment(asked);
  const pipeline = findPipeline(asked.app, layers, environment);
  const target = asked.deploy ? targetOf(asked.app, pipeline, layers, project, environment) : undefined;
  const tag = asked.tag ?? commitTag();
  const repository = asked.repository ?? repositoryName(asked.app, pipeline, layers);

  const epoch = process.env.SOURCE_DATE_EPOCH ?? commitTime();

  const build = (image: string): string[] => [
    'buildx',
    'build',
    '--platform',
    pipeline.cpuArchitecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64',
    '--file',
    pipeline.dockerfile,
    ...Object.entries(pipeline.buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(pipeline.target === undefined ? [] : ['--target', pipeline.target]),
    ...(epoch === undefined ? [] : ['--build-arg', `SOURCE_DATE_EPOCH=${epoch}`]),
    '--provenance=false',
    '--tag',
    image,
    '--load',
    pipeline.context,
  ];
  if (asked.dryRun) {
    say(`docker ${build(`<address of ${repository}>:${tag}`).join(' ')}`);
    if (asked.push) say(`docker push <address of ${repository}>:${tag}`);
    if (target !== undefined) say(`deploy to ${target.service} in ${target.cluster}, then write ${target.parameter}`);
    return 0;
  }
  if (!asked.push) {
    const docker = requireDocker();
    inRepository(() => runDocker(docker, build(`${repository}:${tag}`)));
    say(`built ${repository}:${tag}`);
    return 0;
  }

  // Everything that can be known is checked before the image is built: a pushed tag cannot be taken back.
  const found = await findRepository(region, repository, tag);
  const image = `${found.uri}:${tag}`;
  if (target !== undefined) await requireDeployable(region, target);
  const isThere = found.hasTag && found.tagsAreImmutable;
  if (isThere && target === undefined)
    throw new UserError(
      `${image} exists already, and the repository's tags are immutable; use another --tag, or --deploy to deploy it`,
    );
  if (isThere) say(`${image} exists already: deploying it as it is`);
  else {
    requireRegistry(found);
    const docker = requireDocker();
    inRepository(() => runDocker(docker, build(image)));
    await logIn(docker, region, found);
    runDocker(docker, ['push', image]);
    say(`pushed ${image}`);
  }
  if (target !== undefined) await deploy(region, target, image, say);
  return 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The target environment, from the cdktf.json in the current folder or, if there is none, from this checkout. */
function readEnvironment({ environment: named }: Arguments) {
  const here = join(process.cwd(), 'cdktf.json');
  const { context } = JSON.parse(readFileSync(existsSync(here) ? here : join(root, 'cdktf.json'), 'utf8')) as {
    context: Context;
  };
  const environment = named ?? process.env.STRATA_ENVIRONMENT ?? context.environment;
  const chosen = context.environments[environment];
  if (chosen === undefined)
    throw new UserError(
      `--environment: "${environment}" is not in cdktf.json; use one of ` +
        `${Object.keys(context.environments).join(', ')}`,
    );
  return {
    project: context.project,
    environment,
    region: chosen.region ?? 'ap-northeast-2',
    layers: chosen.layers ?? {},
  };
}

type Layers = Readonly<Record<string, unknown>>;

function findPipeline(app: string, layers: Layers, environment: string): PipelineConfig {
  // The container can be built without a model layer.
  const pipelines = new Map(pipelinesOf(parseConfig(ciCdConfig, layers['ci-cd'] ?? {}, { path: 'ci-cd' }), true));
  const found = pipelines.get(app);
  if (found === undefined)
    throw new UserError(
      `"${app}" has no pipeline in the environment ${environment}; use one of ${[...pipelines.keys()].join(', ')}`,
    );
  return found;
}

function repositoryName(app: string, pipeline: PipelineConfig, layers: Layers): string {
  const key = repositoryOf(app, pipeline);
  const options = parseConfig(registryConfig, layers.registry ?? {}, { path: 'registry' }).repositories[key];
  return (typeof options === 'object' ? options.repositoryName : undefined) ?? key;
}

function targetOf(app: string, pipeline: PipelineConfig, layers: Layers, project: string, environment: string): Target {
  if (pipeline.kind !== 'service')
    throw new UserError(
      `--deploy: "${app}" is the model's container, which the ml layer's function deploys; push it, and have ` +
        'its pipeline do the rest',
    );
  const { clusterName, namePrefix, importCluster } = parseConfig(computeConfig, layers.compute ?? {}, {
    path: 'compute',
  });
  const service = pipeline.service ?? app;
  const names = serviceNames(service, namePrefix);
  return {
    cluster: namePrefix === undefined || importCluster ? clusterName : `${namePrefix}-${clusterName}`,
    service: names.serviceName,
    container: names.containerName,
    parameter: imageParameterName(project, environment, service),
  };
}

/** The commit, with which a pipeline's tag starts. @throws UserError when there are uncommitted changes */
function commitTag(): string {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const commit = git('rev-parse', '--short=12', 'HEAD');
  if (commit.status !== 0)
    throw new UserError('--tag: this is not a Git checkout, so there is no commit to tag with; give a tag');
  if (git('status', '--porcelain').stdout.trim() !== '')
    throw new UserError(
      '--tag: the checkout has changes that are in no commit, and an image is tagged with its commit; commit ' +
        'them, or give a tag',
    );
  return commit.stdout.trim();
}

/** Seconds since 1970 at which the commit was made, for every time in the image: two builds are then equal. */
function commitTime(): string | undefined {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** The context of every image is the repository. */
function inRepository(run: () => void): void {
  const before = process.cwd();
  process.chdir(root);
  try {
    run();
  } finally {
    process.chdir(before);
  }
}

runCommand(main);
