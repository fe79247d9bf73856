import type { Construct } from 'constructs';
import { AwsAccount, ValidationError } from '@strata/core';
import {
  type ArtifactStore,
  CodeConnection,
  CodeRepository,
  type CodeSource,
  ContainerPipeline,
  type Deployment,
  LayerPipeline,
  PipelineEvents,
} from '@strata/codepipeline';
import { parseConfig } from '@strata/core/config';
import type { ContractRequirement } from '@strata/contract/terraform';
import { imageParameterName } from '@strata/ecs';
import { LayerStack, type LayerProps, type NeighbourConfig } from '@strata/layer';
import { PrivateBucket } from '@strata/s3';
import { computeContract } from '@strata/compute-contract';
import { jobsContract } from '@strata/jobs-contract';
import { mlContract } from '@strata/ml-contract';
import { registryContract } from '@strata/registry-contract';
import packageJson from '@strata/stack-ci-cd/package.json';
import type { ComputeReadings } from './compute-readings';
import { computeRequirements } from './compute-requirements';
import { ciCdConfig, type CiCdConfig, type CiCdConfigInput } from './config';
import { ciCdContract } from '@strata/ci-cd-contract';
import { deploymentToService } from './deployment-to-service';
import { deploymentToWorkers, workerRequirements, workersWithoutLayer } from './deployment-to-workers';
import { endpointRequirements } from './endpoint-requirements';
import type {
  EndpointPipelineConfig,
  PipelineConfig,
  ServicePipelineConfig,
  WorkerPipelineConfig,
} from './pipeline-config';
import { pipelinesOf, repositoryOf } from './pipelines';
import type { SourceConfig } from './source-config';
import { stateStatements } from './state-statements';

export const ciCdStackId = 'ci-cd';

const DEFINITION = {
  stackId: ciCdStackId,
  owner: ciCdContract.owner,
  version: packageJson.version,
  reads: [registryContract.layer, computeContract.layer],
  readsIfDeployed: [mlContract.layer, jobsContract.layer],
};

export interface CiCdStackProps extends LayerProps {
  /** The layer's configuration; see `ciCdConfig`. @default a pipeline each for app-web and app-was */
  readonly config?: CiCdConfigInput;
  /**
   * Whether the environment has an ml layer; its inference container then has a pipeline too, unless `config` says
   * otherwise.
   * @default false
   */
  readonly hasModelLayer?: boolean;
  /**
   * Key of the bucket that states are in, where the bootstrap layer of the environment encrypts it with one; `config`
   * may name another.
   * @default none
   */
  readonly stateKmsKeyArn?: string;
}

/**
 * The ci-cd layer: a pipeline for each application and for the model's inference container, from a push to production;
 * and, optionally, one for the layers themselves.
 */
export class CiCdStack extends LayerStack {
  readonly artifactBucket: PrivateBucket;
  readonly events: PipelineEvents;
  /** By what the configuration calls them. */
  readonly pipelines: ReadonlyMap<string, ContainerPipeline>;
  readonly repositories: ReadonlyMap<string, CodeRepository>;
  readonly connections: ReadonlyMap<string, CodeConnection>;
  /** How the ml layer is read. Where it is `required`, it has to be deployed before. */
  readonly modelLayer: 'if-deployed' | 'required' | 'none';
  /** How the jobs layer is read, likewise. */
  readonly jobsLayer: 'if-deployed' | 'required' | 'none';
  /** Only with `layerPipeline`. */
  readonly layerPipeline?: LayerPipeline;
  private readonly config: CiCdConfig;

  /**
   * @throws ConfigError naming every mistake in `config`.
   * @throws ValidationError where a pipeline cannot be made as configured.
   */
  constructor(scope: Construct, id: string, props: CiCdStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    this.config = parseConfig(ciCdConfig, props.config ?? {}, { path: id });
    const { config } = this;
    const pipelines = pipelinesOf(config, props.hasModelLayer ?? false);
    const sources = new Map(pipelines.map(([name, pipeline]) => [name, sourceOf(name, pipeline, config)]));
    const shipsModel = pipelines.some(([, { kind }]) => kind === 'endpoint');
    this.modelLayer = !shipsModel ? 'none' : this.canTellIfDeployed(mlContract.layer) ? 'if-deployed' : 'required';
    const shipsWorkers = pipelines.some(([, { kind }]) => kind === 'worker');
    this.jobsLayer = !shipsWorkers ? 'none' : this.canTellIfDeployed(jobsContract.layer) ? 'if-deployed' : 'required';
    const layersSource =
      config.layerPipeline === undefined ? undefined : (config.layerPipeline.source ?? config.source);

    this.artifactBucket = new PrivateBucket(this, 'artifacts', {
      bucketNamePrefix: `${this.project}-${this.environment}-pipelines-`.slice(-37).replace(/^-+/, ''),
      kmsKeyArn: config.kmsKeyArn,
      versioning: true,
      expirationDays: config.artifactExpirationDays,
      noncurrentVersionExpirationDays: 1,
      forceDestroy: !this.deletionProtection,
    });
    this.connections = new Map(
      Object.entries(config.connections).map(([name, { providerType }]) => [
        name,
        new CodeConnection(this, `connection-${name}`, { connectionName: this.prefixed(name), providerType }),
      ]),
    );
    this.repositories = this.makeRepositories([
      ...sources.values(),
      ...(layersSource === undefined ? [] : [layersSource]),
    ]);

    const names = new Map(
      pipelines.map(([name, pipeline]) => [name, this.prefixed(pipeline.pipelineName ?? `${name}-pipeline`)]),
    );
    const layersName = config.layerPipeline === undefined ? [] : [this.prefixed(config.layerPipeline.pipelineName)];
    this.events = new PipelineEvents(this, 'events', {
      name: `${this.project}-${this.environment}-pipelines`,
      pipelineNames: [...names.values(), ...layersName],
      ...config.notifications,
    });

    const deployments = this.deploymentsOf(pipelines);
    const registry = this.read(
      registryContract,
      '^1.0',
      pipelines.map(([name, pipeline]) => repositoryRequirement(name, repositoryOf(name, pipeline))),
    );
    this.pipelines = new Map(
      pipelines.map(([name, pipeline]) => {
        const repository = registry.repositories.get(repositoryOf(name, pipeline));
        return [
          name,
          new ContainerPipeline(this, name, {
            ...buildOptions(pipeline),
            pipelineName: names.get(name)!,
            buildProjectName: this.prefixed(pipeline.buildProjectName ?? `${camelCase(name)}Build`),
            source: this.codeSource(sources.get(name)!),
            repositoryUrl: repository.url,
            repositoryArn: repository.arn,
            deployments: deployments.get(name)!,
            artifactStore: this.artifactStore,
            approvalTopicArn: this.events.topicArn,
            permissionsBoundaryArn: config.permissionsBoundaryArn,
            logRetentionDays: config.logRetentionDays,
          }),
        ];
      }),
    );
    if (config.layerPipeline !== undefined)
      this.layerPipeline = this.makeLayerPipeline(config.layerPipeline, this.codeSource(layersSource!), props);
    this.publishOutputs(sources);
  }

  private get artifactStore(): ArtifactStore {
    return {
      bucketName: this.artifactBucket.bucketName,
      bucketArn: this.artifactBucket.bucketArn,
      kmsKeyArn: this.config.kmsKeyArn,
    };
  }

  /** The deployments of each pipeline; reads compute once an environment, and ml where an endpoint is shipped to. */
  private deploymentsOf(pipelines: readonly [string, PipelineConfig][]): Map<string, Deployment[]> {
    const services = pipelines.filter((entry): entry is [string, ServicePipelineConfig] => entry[1].kind === 'service');
    const endpoints = pipelines.filter(
      (entry): entry is [string, EndpointPipelineConfig] => entry[1].kind === 'endpoint',
    );
    const compute = this.readCompute(services);
    const deployments = new Map<string, Deployment[]>();
    for (const [name, pipeline] of services) {
      const service = pipeline.service ?? name;
      deployments.set(name, [
        deploymentToService(compute.get(this.environment)!, service, this.environment, pipeline),
        ...pipeline.promoteTo.map((step) =>
          deploymentToService(compute.get(step.environment)!, step.service ?? service, step.environment, step),
        ),
      ]);
    }
    if (endpoints.length > 0) {
      const ml = this.readModelLayer(
        endpoints.flatMap(([name, { cpuArchitecture }]) => endpointRequirements(name, cpuArchitecture)),
      );
      for (const [name, { approval, approvalMessage }] of endpoints) {
        const functionName = ml.deployFunctionName;
        deployments.set(name, [
          {
            type: 'endpoint',
            name: this.environment,
            approval,
            approvalMessage,
            functionName,
            functionArn: this.functionArn(functionName),
            imageParameterName: ml.imageParameterName,
          },
        ]);
      }
    }
    const workers = pipelines.filter((entry): entry is [string, WorkerPipelineConfig] => entry[1].kind === 'worker');
    if (workers.length > 0) {
      const jobs = this.readJobsLayer(workers);
      for (const [name, pipeline] of workers)
        deployments.set(name, [deploymentToWorkers(jobs, this.environment, pipeline)]);
    }
    return deployments;
  }

  /** The jobs layer need not be deployed: an image that is built before it waits for the first workers. */
  private readJobsLayer(workers: readonly [string, WorkerPipelineConfig][]) {
    const requirements = workers.flatMap(([name, pipeline]) => workerRequirements(name, pipeline));
    if (this.jobsLayer === 'required') return this.read(jobsContract, '^1.0', requirements);
    const kinds = [...new Set(workers.map(([, { worker }]) => worker))];
    return this.readIfDeployed(jobsContract, '^1.0', workersWithoutLayer(this, kinds, this), requirements).outputs;
  }

  /** The ml layer need not be deployed: an image that is built before it waits for the first model. */
  private readModelLayer(requirements: readonly ContractRequirement[]): {
    readonly deployFunctionName: string;
    readonly imageParameterName: string;
  } {
    if (this.modelLayer === 'required') return this.read(mlContract, '^1.0', requirements);
    const fallback = {
      deployFunctionName: 'none',
      imageParameterName: imageParameterName(this.project, this.environment, 'model-endpoint'),
    };
    return this.readIfDeployed(mlContract, '^1.0', fallback, requirements).outputs;
  }

  private readCompute(pipelines: readonly [string, ServicePipelineConfig][]): Map<string, ComputeReadings> {
    const requirements = (environment: string) =>
      pipelines.flatMap(([name, pipeline]) => {
        const steps =
          environment === this.environment
            ? [pipeline]
            : pipeline.promoteTo.filter((step) => step.environment === environment);
        return steps.flatMap((step) =>
          computeRequirements(name, step.service ?? pipeline.service ?? name, step, pipeline.cpuArchitecture),
        );
      });
    const further = [
      ...new Set(pipelines.flatMap(([, { promoteTo }]) => promoteTo.map(({ environment }) => environment))),
    ];
    if (further.includes(this.environment)) {
      throw new ValidationError(
        this,
        `pipelines: "${this.environment}" is this layer's own environment, which is deployed to first; use ` +
          `another one in "promoteTo"`,
      );
    }
    const own: [string, ComputeReadings][] =
      pipelines.length === 0
        ? []
        : [[this.environment, this.read(computeContract, '^1.2', requirements(this.environment))]];
    return new Map([
      ...own,
      ...further.map((name): [string, ComputeReadings] => [
        name,
        this.readInstance(computeContract, '^1.2', name, this.config.environments[name] ?? {}, requirements(name)),
      ]),
    ]);
  }

  /** Where the contracts of the environments are that pipelines promote to. */
  private furtherEnvironments(): (NeighbourConfig & { stack: string })[] {
    const pipelines = pipelinesOf(this.config, this.modelLayer !== 'none');
    const names = pipelines.flatMap(([, pipeline]) =>
      pipeline.kind === 'service' ? pipeline.promoteTo.map(({ environment }) => environment) : [],
    );
    return [...new Set(names)].map((name) => {
      const from = this.config.environments[name] ?? {};
      return { environment: name, ...from, stack: from.stack ?? computeContract.layer };
    });
  }

  private makeRepositories(sources: readonly SourceConfig[]): ReadonlyMap<string, CodeRepository> {
    const made = sources.flatMap((source) =>
      source.provider === 'CodeCommit' && !source.existing ? [source.repositoryName!] : [],
    );
    return new Map(
      [...new Set(made)].map((name) => [
        name,
        new CodeRepository(this, `repository-${name}`, {
          repositoryName: this.prefixed(name),
          description: `Source of ${this.project}`,
          preventDestroy: this.deletionProtection,
        }),
      ]),
    );
  }

  private codeSource(config: SourceConfig): CodeSource {
    const { branch, branchPatterns, tagPatterns, pathPatterns } = config;
    const filters = { branch, branchPatterns, tagPatterns, pathPatterns };
    return config.provider === 'CodeCommit'
      ? {
          provider: 'CodeCommit',
          repositoryName: this.repositories.get(config.repositoryName!)?.repositoryName ?? config.repositoryName!,
          ...filters,
        }
      : {
          provider: 'CodeConnections',
          repositoryId: config.repositoryId,
          connectionArn: config.connectionArn ?? this.connections.get(config.connection!)!.connectionArn,
          ...filters,
        };
  }

  private makeLayerPipeline(
    config: NonNullable<CiCdConfig['layerPipeline']>,
    source: CodeSource,
    props: CiCdStackProps,
  ): LayerPipeline {
    const { pipelineName, source: _source, stateKmsKeyArn, ...options } = config;
    return new LayerPipeline(this, 'layer-pipeline', {
      ...options,
      pipelineName: this.prefixed(pipelineName),
      source,
      environment: this.environment,
      artifactStore: this.artifactStore,
      stateStatements: stateStatements(this, {
        state: props.state,
        project: this.project,
        environment: this.environment,
        kmsKeyArn: stateKmsKeyArn ?? props.stateKmsKeyArn,
        elsewhere: (layer) => [
          ...Object.entries(props.neighbours ?? {}).map(([neighbour, from]) => ({
            ...from,
            stack: from.stack ?? neighbour,
          })),
          ...(layer === ciCdStackId ? this.furtherEnvironments() : []),
        ],
      }),
      approvalTopicArn: this.events.topicArn,
      permissionsBoundaryArn: this.config.permissionsBoundaryArn,
      logRetentionDays: this.config.logRetentionDays,
    });
  }

  private publishOutputs(sources: ReadonlyMap<string, SourceConfig>): void {
    this.publish(ciCdContract, {
      pipelines: Object.fromEntries(
        [...this.pipelines].map(([name, { pipelineName, pipelineArn, build }]) => {
          const source = sources.get(name)!;
          return [
            name,
            {
              pipelineName,
              pipelineArn,
              buildProjectName: build.projectName,
              source: this.addressOf(source),
              branch: source.branch,
            },
          ];
        }),
      ),
      artifactBucketName: this.artifactBucket.bucketName,
      eventTopicArn: this.events.topicArn,
      connections: Object.fromEntries([...this.connections].map(([name, { connectionArn }]) => [name, connectionArn])),
    });
  }

  /** Where a developer pushes to. */
  private addressOf(source: SourceConfig): string {
    if (source.provider === 'CodeConnections') return source.repositoryId;
    return (
      this.repositories.get(source.repositoryName!)?.cloneUrlHttp ??
      `https://git-codecommit.${this.region}.${AwsAccount.of(this).dnsSuffix}/v1/repos/${source.repositoryName}`
    );
  }

  private functionArn(name: string): string {
    const { accountId, partition, region } = AwsAccount.of(this);
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  }

  private prefixed(name: string): string {
    return this.config.namePrefix === undefined ? name : `${this.config.namePrefix}-${name}`;
  }
}

/** A pipeline's own source; or the layer's, with the paths it is about; or a separate repository. */
function sourceOf(name: string, pipeline: PipelineConfig, config: CiCdConfig): SourceConfig {
  const shared =
    config.source === undefined
      ? undefined
      : { ...config.source, pathPatterns: pipeline.pathPatterns ?? config.source.pathPatterns };
  const source: SourceConfig = pipeline.source ??
    shared ?? { provider: 'CodeCommit', existing: false, branch: 'main', pathPatterns: pipeline.pathPatterns };
  return source.provider === 'CodeCommit' ? { ...source, repositoryName: source.repositoryName ?? name } : source;
}

function buildOptions(pipeline: PipelineConfig) {
  const {
    cpuArchitecture,
    dockerfile,
    context,
    buildArgs,
    target,
    testCommands,
    runtimeVersions,
    buildEnvironment,
    buildSecrets,
    buildImage,
    buildComputeType,
    buildTimeoutMinutes,
    buildQueuedTimeoutMinutes,
    layerCache,
    executionMode,
  } = pipeline;
  return {
    cpuArchitecture,
    dockerfile,
    context,
    buildArgs,
    target,
    testCommands,
    runtimeVersions,
    buildEnvironment,
    buildSecrets,
    buildImage,
    buildComputeType,
    buildTimeoutMinutes,
    buildQueuedTimeoutMinutes,
    layerCache,
    executionMode,
  };
}

function repositoryRequirement(pipeline: string, repository: string) {
  return {
    condition: `contains(keys(self.outputs.repositories), ${JSON.stringify(repository)})`,
    message:
      `it has no repository "${repository}", to which the pipeline "${pipeline}" pushes. Its repositories: ` +
      `\${join(", ", keys(self.outputs.repositories))}. Set one of them in pipelines.${pipeline}.repository, ` +
      'or add it to the registry layer.',
    outputs: ['repositories'],
  };
}

/** `app-web` as `appWeb`. */
function camelCase(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
