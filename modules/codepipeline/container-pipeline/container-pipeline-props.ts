import type { ContainerBuildspecOptions, CpuArchitecture } from '../buildspec';
import type { CodeSource } from '../code-source';
import type { ArtifactStore } from './artifact-store';
import type { Deployment } from './deployment';

type BuildOptions = Pick<
  ContainerBuildspecOptions,
  'dockerfile' | 'context' | 'buildArgs' | 'target' | 'runtimeVersions' | 'testCommands'
>;

export interface ContainerPipelineProps extends BuildOptions {
  /**
   * At most 100 characters. The names of its roles, such as `<pipelineName>-<deployment>-release-role`, must fit in 64.
   */
  readonly pipelineName: string;
  readonly source: CodeSource;
  /** URL of the ECR repository, without a tag; its ARN follows from it. */
  readonly repositoryUrl: string;
  readonly repositoryArn: string;
  /** Where the image is deployed, in this order. */
  readonly deployments: readonly Deployment[];
  readonly artifactStore: ArtifactStore;

  /** Architecture of the image and of the build machine. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** @default `<pipelineName>-build` */
  readonly buildProjectName?: string;
  /**
   * Build image with Docker, jq and the AWS CLI; an image in ECR is pulled with the build's role.
   * @default CodeBuild's own, Amazon Linux 2023
   */
  readonly buildImage?: string;
  /** @default BUILD_GENERAL1_SMALL */
  readonly buildComputeType?: string;
  /** Minutes, 5 to 2160. @default 30 */
  readonly buildTimeoutMinutes?: number;
  /** Minutes the build may stay queued, 5 to 480. @default 60 */
  readonly buildQueuedTimeoutMinutes?: number;
  /** Environment variables of the build, for the tests; not for secrets. @default none */
  readonly buildEnvironment?: Readonly<Record<string, string>>;
  /** Environment variable of the build -> ARN of a secret in Secrets Manager. @default none */
  readonly buildSecrets?: Readonly<Record<string, string>>;
  /** Whether image layers are cached on the build host for the next build on it. @default true */
  readonly layerCache?: boolean;
  /**
   * What happens when a newer execution catches up: the older one is superseded, or both run in turn.
   * @default SUPERSEDED
   */
  readonly executionMode?: 'SUPERSEDED' | 'QUEUED';

  /** SNS topic that approvals are announced on. @default none */
  readonly approvalTopicArn?: string;
  /** Managed policy that limits every role created here. @default none */
  readonly permissionsBoundaryArn?: string;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}
