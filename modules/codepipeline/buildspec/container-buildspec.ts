import { BuildspecError, phase, type Buildspec } from './buildspec';
import {
  deployFilesArtifacts,
  deployFilesCommands,
  deployFilesVariables,
  type DeployFilesOptions,
} from './deploy-files';
import { fail, quoted, requireVariables } from './shell';

/** As a task definition's `runtimePlatform` spells it. */
export type CpuArchitecture = 'ARM64' | 'X86_64';

/**
 * What the build hands to a deploy action. `imagedefinitions`: for ECS, a rolling update. `blue-green`: for CodeDeploy,
 * with the task definition and the AppSpec. `image-detail`: only the image URI, in CodeDeploy's format.
 */
export type ImageHandover = 'imagedefinitions' | 'blue-green' | 'image-detail';

export interface ContainerBuildspecOptions extends DeployFilesOptions {
  /** One, or several where a pipeline deploys in several ways. */
  readonly handover: ImageHandover | readonly ImageHandover[];
  /** Of the task definition; an image built for another architecture is rejected before it is pushed. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** Path in the source. @default Dockerfile */
  readonly dockerfile?: string;
  /** Folder in the source. @default . */
  readonly context?: string;
  /** Values known at synth. Not for secrets: they stay in the image history. @default none */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile. @default the last */
  readonly target?: string;
  /**
   * Runtime -> version for the tests, as CodeBuild's image provides it; `{}` for a custom image, whose runtimes
   * CodeBuild cannot select.
   * @default { nodejs: '22' }
   */
  readonly runtimeVersions?: Readonly<Record<string, string>>;
  /**
   * The application's tests, without the build's AWS credentials. The first failure ends the build before an image is
   * built.
   * @default none
   */
  readonly testCommands?: readonly string[];
}

const PLATFORM = { ARM64: 'linux/arm64', X86_64: 'linux/amd64' } as const;

/** Where the SDKs and the AWS CLI get the build's role from. */
const CREDENTIALS = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';

const WRITE_DEFINITIONS =
  'jq -n --arg name "$CONTAINER_NAME" --arg imageUri "$IMAGE_URI" \'[{ name: $name, imageUri: $imageUri }]\' ' +
  '> imagedefinitions.json';
const WRITE_DETAIL = 'jq -n --arg imageUri "$IMAGE_URI" \'{ ImageURI: $imageUri }\' > imageDetail.json';

/** Everything wrong with the options, one line per problem; tokens are skipped. */
export function containerBuildspecProblems(
  options: Pick<
    ContainerBuildspecOptions,
    'dockerfile' | 'context' | 'buildArgs' | 'testCommands' | 'target' | 'runtimeVersions'
  >,
): string[] {
  const problems: string[] = [];
  for (const key of ['dockerfile', 'context'] as const) {
    const path = options[key];
    if (path === undefined) continue;
    if (path === '' || path.startsWith('/') || path.startsWith('-') || path.split('/').includes('..')) {
      problems.push(`${key}: "${path}" is not a path in the source; use a relative one such as "services/web"`);
    }
  }
  for (const name of Object.keys(options.buildArgs ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      problems.push(`buildArgs: "${name}" is not the name of a build argument; use letters, digits and underscores`);
  }
  if (options.target !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(options.target)) {
    problems.push(`target: "${options.target}" is not the name of a stage; use letters, digits and _ . -`);
  }
  for (const [index, command] of (options.testCommands ?? []).entries()) {
    if (command.trim() === '') problems.push(`testCommands[${index}]: is empty; leave it out`);
  }
  for (const [runtime, version] of Object.entries(options.runtimeVersions ?? {})) {
    if (!/^[a-z]+$/.test(runtime) || !/^[A-Za-z0-9.]+$/.test(version))
      problems.push(
        `runtimeVersions: "${runtime}: ${version}" is not a CodeBuild runtime; write one such as nodejs: 22`,
      );
  }
  return problems;
}

/**
 * Builds a service's image once its tests have passed, and hands it to the deploy action.
 *
 * The tag is the commit and the number of the build, `3f2a9c1b7d20-17`: a commit that is built again, for example on a
 * newer base image, gets a new tag, which a repository with immutable tags requires.
 *
 * The project sets `REPOSITORY_URL` (without a tag), and for ECS `CONTAINER_NAME`; for `blue-green` also the others that
 * `deployFilesVariables` names. It exports `IMAGE_URI` and `IMAGE_TAG` to the pipeline.
 * @throws BuildspecError naming every option that cannot be used
 */
export function containerBuildspec(options: ContainerBuildspecOptions): Buildspec {
  const problems = containerBuildspecProblems(options);
  if (problems.length > 0) throw new BuildspecError(problems);
  const wanted = [options.handover].flat();
  const [definitions, blueGreen] = [wanted.includes('imagedefinitions'), wanted.includes('blue-green')];
  const runtimes = options.runtimeVersions ?? { nodejs: '22' };
  const detail = blueGreen || wanted.includes('image-detail');
  const variables = [
    'REPOSITORY_URL',
    ...(definitions && !blueGreen ? ['CONTAINER_NAME'] : []),
    ...(blueGreen ? deployFilesVariables(options) : []),
  ];
  return {
    version: 0.2,
    env: { 'exported-variables': ['IMAGE_URI', 'IMAGE_TAG'] },
    phases: {
      install: {
        ...(Object.keys(runtimes).length === 0 ? {} : { 'runtime-versions': runtimes }),
        ...phase([requireVariables(variables)]),
      },
      pre_build: phase([...nameImage(), ...withoutCredentials(options.testCommands ?? []), logIn()]),
      build: phase([
        buildImage(options),
        checkArchitecture(options.cpuArchitecture ?? 'ARM64'),
        'docker push "$IMAGE_URI"',
        ...(definitions ? [WRITE_DEFINITIONS] : []),
        ...(detail ? [WRITE_DETAIL] : []),
        ...(blueGreen ? deployFilesCommands(options) : []),
      ]),
    },
    artifacts: {
      files: [
        ...(definitions ? ['imagedefinitions.json'] : []),
        ...(detail ? ['imageDetail.json'] : []),
        ...(blueGreen ? deployFilesArtifacts : []),
      ],
    },
  };
}

function nameImage(): string[] {
  return [
    `case "$CODEBUILD_RESOLVED_SOURCE_VERSION" in ''|*[!0-9a-f]*) ` +
      `${fail('the source is no Git commit but \\"$CODEBUILD_RESOLVED_SOURCE_VERSION\\": an image is tagged with its commit')};; ` +
      'esac',
    'export IMAGE_TAG="$(printf %.12s "$CODEBUILD_RESOLVED_SOURCE_VERSION")-$CODEBUILD_BUILD_NUMBER"',
    'export IMAGE_URI="$REPOSITORY_URL:$IMAGE_TAG"',
  ];
}

/**
 * The tests, and what they install, can do nothing in AWS: docker is not logged in yet, and the variable that leads to
 * the build's credentials is out of their environment. They run in the build's own container, so this keeps a mistake
 * from reaching the registry, not an attacker.
 */
function withoutCredentials(commands: readonly string[]): string[] {
  if (commands.length === 0) return [];
  return [
    `BUILD_CREDENTIALS="$${CREDENTIALS}"; unset ${CREDENTIALS}`,
    ...commands,
    `[ -z "$BUILD_CREDENTIALS" ] || export ${CREDENTIALS}="$BUILD_CREDENTIALS"`,
  ];
}

/**
 * The registry's region is in its host name: <account>.dkr.ecr.<region>.amazonaws.com. The password is in no file, no
 * argument and no environment, whichever command fails.
 */
function logIn(): string {
  return (
    'REGISTRY_PASSWORD="$(aws ecr get-login-password --region "$(echo "$REPOSITORY_URL" | cut -d. -f4)")" && ' +
    'printf %s "$REGISTRY_PASSWORD" | docker login --username AWS --password-stdin "${REPOSITORY_URL%%/*}" && ' +
    'unset REGISTRY_PASSWORD'
  );
}

function buildImage(options: ContainerBuildspecOptions): string {
  return [
    'docker buildx build',
    `--platform ${PLATFORM[options.cpuArchitecture ?? 'ARM64']}`,
    `--file ${quoted(options.dockerfile ?? 'Dockerfile')}`,
    ...Object.entries(options.buildArgs ?? {}).map(([name, value]) => `--build-arg ${quoted(`${name}=${value}`)}`),
    ...(options.target === undefined ? [] : [`--target ${options.target}`]),
    '--label "org.opencontainers.image.revision=$CODEBUILD_RESOLVED_SOURCE_VERSION"',
    // A single manifest instead of an image index: the same digest is scanned, tagged and pulled.
    '--provenance=false',
    '--tag "$IMAGE_URI"',
    '--load',
    quoted(options.context ?? '.'),
  ].join(' ');
}

/** A Dockerfile can override the platform. */
function checkArchitecture(architecture: CpuArchitecture): string {
  const wanted = PLATFORM[architecture];
  return (
    `BUILT_FOR="$(docker image inspect --format '{{.Os}}/{{.Architecture}}' "$IMAGE_URI")" && { [ ` +
    `"$BUILT_FOR" = ${wanted} ] || ` +
    `${fail(`the image is for $BUILT_FOR, its task definition for ${wanted}: build it for ${wanted}, or change cpuArchitecture of the service`)}; ` +
    '}'
  );
}
