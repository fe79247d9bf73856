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
   * At most 100 characters, and few enough for the names of roles, such as `<pipelineName>-<deployment>-release-role`,
   * which have 64.
   */
  readonly pipelineName: string;
  readonly source: CodeSource;
  /** URL of the ECR repository, without a tag, and its ARN. */
  readonly repositoryUrl: string;
  readonly repositoryArn: string;
  /** Where the image goes, one after the other. */
  readonly deployments: readonly Deployment[];
  readonly artifactStore: ArtifactStore;

  /** Of the image, and of the machine that builds it. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** @default `<pipelineName>-build` */
  readonly buildProjectName?: string;
  /**
   * Image of the build machine, with Docker, jq and the AWS CLI; one in ECR is pulled with the build's role.
   * @default CodeBuild's own, Amazon Linux 2023
   */
  readonly buildImage?: string;
  /** @default BUILD_GENERAL1_SMALL */
  readonly buildComputeType?: string;
  /** Minutes, 5 to 2160. @default 30 */
  readonly buildTimeoutMinutes?: number;
  /** Minutes that the build may wait for a machine, 5 to 480. @default 60 */
  readonly buildQueuedTimeoutMinutes?: number;
  /** Environment variables of the build, for the tests; not for secrets. @default none */
  readonly buildEnvironment?: Readonly<Record<string, string>>;
  /** Environment variable of the build -> ARN of a secret in Secrets Manager. @default none */
  readonly buildSecrets?: Readonly<Record<string, string>>;
  /** Whether layers of images are kept on a build machine for the next build there. @default true */
  readonly layerCache?: boolean;
  /**
   * What happens to a run that a newer one catches up with: it gives way, or both are run in turn.
   * @default SUPERSEDED
   */
  readonly executionMode?: 'SUPERSEDED' | 'QUEUED';

  /** SNS topic that approvals are announced on. @default none */
  readonly approvalTopicArn?: string;
  /** Managed policy that limits every role made here. @default none */
  readonly permissionsBoundaryArn?: string;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}
