// Walks through a deployed pipeline as CodePipeline would: the builds are those that were deployed, with their own
// buildspecs and variables; what CodePipeline, ECS and CodeDeploy do themselves is done as their documentation says.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Buildspec } from '@strata/codepipeline';
import { actAs } from '../../../local/aws/act-as';
import { findProgram } from '../../../local/toolchain';
import { runBuildspec, type BuildResult } from '../codebuild';

interface Action {
  readonly name: string;
  readonly roleArn?: string;
  readonly actionTypeId: { readonly provider: string };
  readonly configuration: Readonly<Record<string, string>>;
}
interface Pipeline {
  readonly roleArn: string;
  readonly stages: readonly { readonly name: string; readonly actions: readonly Action[] }[];
}
interface Project {
  readonly serviceRole: string;
  readonly source: { readonly buildspec: string };
  readonly environment: {
    readonly environmentVariables?: readonly { readonly name: string; readonly value: string }[];
  };
}
interface TaskDefinition {
  readonly taskDefinitionArn: string;
  readonly containerDefinitions: readonly { readonly name: string; readonly image: string }[];
}

/** What a description of a revision has that its registration takes no part of. */
const READ_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

/** The AWS CLI, with which the builds do their work. */
export const awsCli = findProgram('aws');

/** A deployed pipeline, as it was when it was first asked for. */
export class CodePipelineRun {
  #pipeline?: Pipeline;
  readonly #projects = new Map<string, Project>();

  /** @param environment points the AWS CLI at the emulator */
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    readonly name: string,
  ) {}

  /** The AWS CLI's answer to the account's administrator. */
  aws<T>(...args: string[]): T {
    return this.call(this.environment, args);
  }

  private call<T>(environment: NodeJS.ProcessEnv, args: readonly string[]): T {
    const { status, stdout, stderr } = spawnSync(awsCli!, [...args, '--output', 'json'], {
      env: environment,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr}`);
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as T;
  }

  /** Variables with which a program is a session of a role. */
  private async as(roleArn: string, session: string): Promise<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = await actAs(this.environment.AWS_ENDPOINT_URL!, roleArn, session);
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  }

  /** The AWS CLI as an action of the pipeline runs it: with the action's role, or else the pipeline's. */
  private async asAction(stage: string, name: string): Promise<<T>(...args: string[]) => T> {
    const role = await this.as(this.action(stage, name).roleArn ?? this.pipeline.roleArn, `${this.name}-${name}`);
    return (...args) => this.call({ ...this.environment, ...role }, args);
  }

  private get pipeline(): Pipeline {
    this.#pipeline ??= this.aws<{ pipeline: Pipeline }>('codepipeline', 'get-pipeline', '--name', this.name).pipeline;
    return this.#pipeline;
  }

  /** An action's configuration. */
  action(stage: string, name: string): Action {
    const found = this.pipeline.stages.find((one) => one.name === stage)?.actions.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${this.name} has no action ${stage}/${name}`);
    return found;
  }

  /** Runs a deployed build project as its role. Docker and npm are stood in for, the AWS CLI is the real one. */
  async build(
    project: string,
    options: {
      readonly source?: Readonly<Record<string, string>>;
      readonly variables?: Readonly<Record<string, string>>;
      readonly answers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<BuildResult> {
    const { source, environment, serviceRole } = this.project(project);
    const variables = Object.fromEntries(
      (environment.environmentVariables ?? []).map(({ name, value }) => [name, value]),
    );
    const shell = Object.fromEntries(
      Object.entries(this.environment).filter(
        (entry): entry is [string, string] => entry[0].startsWith('AWS_') && entry[1] !== undefined,
      ),
    );
    return runBuildspec(JSON.parse(source.buildspec) as Buildspec, {
      environment: { ...shell, ...(await this.as(serviceRole, project)), ...variables, ...options.variables },
      source: options.source,
      answers: options.answers,
      programs: ['docker', 'npm'],
      path: [path.dirname(awsCli!)],
    });
  }

  private project(name: string): Project {
    const known = this.#projects.get(name);
    if (known !== undefined) return known;
    const { projects } = this.aws<{ projects: Project[] }>('codebuild', 'batch-get-projects', '--names', name);
    this.#projects.set(name, projects[0]!);
    return projects[0]!;
  }

  /** Runs the build of the pipeline at a commit, and gives the files it hands on. */
  async buildImage(commit: string, number: number, architecture: string): Promise<Readonly<Record<string, string>>> {
    const result = await this.build(this.action('Build', 'Build').configuration.ProjectName!, {
      variables: { CODEBUILD_RESOLVED_SOURCE_VERSION: commit, CODEBUILD_BUILD_NUMBER: String(number) },
      answers: { 'docker image inspect': architecture },
    });
    if (!result.succeeded) throw new Error(`the build failed: ${result.output}`);
    const files = ['imagedefinitions.json', 'imageDetail.json', 'taskdef.json', 'appspec.yaml'].map(
      (name) => [name, result.file(name)] as const,
    );
    return Object.fromEntries(files.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /**
   * "It creates its own revision of the task definition based on the revision used by the service": the ECS action.
   * Gives back the former revision.
   */
  async deployRolling(stage: string, definitions: string): Promise<string> {
    const aws = await this.asAction(stage, 'Deploy');
    const { ClusterName: cluster, ServiceName: service } = this.action(stage, 'Deploy').configuration;
    const former = this.service(cluster!, service!, aws).taskDefinition;
    const images = JSON.parse(definitions) as { name: string; imageUri: string }[];
    const { taskDefinition } = aws<{ taskDefinition: TaskDefinition }>(
      'ecs',
      'describe-task-definition',
      '--task-definition',
      former,
    );
    const revision = register(aws, {
      ...taskDefinition,
      containerDefinitions: taskDefinition.containerDefinitions.map((one) => ({
        ...one,
        image: images.find(({ name }) => name === one.name)?.imageUri ?? one.image,
      })),
    });
    aws('ecs', 'update-service', '--cluster', cluster!, '--service', service!, '--task-definition', revision);
    return former;
  }

  /** What ECS's circuit breaker does. */
  rollBack(stage: string, former: string): void {
    const { ClusterName: cluster, ServiceName: service } = this.action(stage, 'Deploy').configuration;
    this.aws('ecs', 'update-service', '--cluster', cluster!, '--service', service!, '--task-definition', former);
  }

  /**
   * The CodeDeployToECS action: fills the image in and registers the revision. Gives its ARN, and the AppSpec that
   * names it.
   */
  async registerForCodeDeploy(
    stage: string,
    files: Readonly<Record<string, string>>,
  ): Promise<{ readonly revision: string; readonly appSpec: string }> {
    const aws = await this.asAction(stage, 'Deploy');
    const { ImageURI: image } = JSON.parse(files['imageDetail.json']!) as { ImageURI: string };
    const revision = register(aws, JSON.parse(files['taskdef.json']!.replaceAll('<IMAGE1_NAME>', image)) as object);
    return { revision, appSpec: files['appspec.yaml']!.replaceAll('<TASK_DEFINITION>', revision) };
  }

  service(
    cluster: string,
    service: string,
    aws: <T>(...args: string[]) => T = (...args) => this.aws(...args),
  ): {
    readonly taskDefinition: string;
    readonly taskSets: readonly { readonly id: string; readonly status: string; readonly taskDefinition: string }[];
  } {
    return aws<{ services: [ReturnType<CodePipelineRun['service']>] }>(
      'ecs',
      'describe-services',
      '--cluster',
      cluster,
      '--services',
      service,
    ).services[0];
  }

  /** The image that is written down as deployed; `undefined` where none is. */
  deployedImage(parameter: string): string | undefined {
    const {
      Parameters: [found],
    } = this.aws<{ Parameters: { Value: string }[] }>('ssm', 'get-parameters', '--names', parameter);
    return found?.Value;
  }
}

function register(aws: <T>(...args: string[]) => T, revision: object): string {
  const input = Object.fromEntries(Object.entries(revision).filter(([key]) => !READ_ONLY.includes(key)));
  return aws<{ taskDefinition: TaskDefinition }>(
    'ecs',
    'register-task-definition',
    '--cli-input-json',
    JSON.stringify(input),
  ).taskDefinition.taskDefinitionArn;
}
