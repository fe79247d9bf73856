import type { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { Codepipeline, type CodepipelineStage } from '@cdktf/provider-aws/lib/codepipeline';
import { AwsAccount } from '@strata/core';
import { BuildProject, isCodeBuildImage } from '../build-project';
import { containerBuildspec, type ImageHandover } from '../buildspec';
import { SOURCE_ARTIFACT, SourceTrigger, sourceAction, sourceStatements, sourceTriggers } from '../code-source';
import type { IamStatement } from '@strata/iam';
import { Construct } from 'constructs';
import { describeTaskDefinitions, startBuild } from './action-statements';
import { artifactStatements } from './artifact-store';
import { checkContainerPipeline } from './check-container-pipeline';
import type { ContainerPipelineProps } from './container-pipeline-props';
import { deployFilesEnvironment } from './deploy-files-environment';
import { isEcs, takesBuildsTaskDefinition } from './deployment';
import { DeploymentStages, type StageSettings } from './deployment-stages';
import { PipelineRole } from './pipeline-role';

/** Name of the artifact that the deploy actions read. */
export const BUILD_ARTIFACT = 'Build';

/**
 * A pipeline for one container image: source, build with tests, and one deployment after the other.
 *
 * The build is privileged, as Docker requires; nothing else is. Each stage has its own role. After a successful
 * deployment the image is written to the SSM parameter that Terraform reads (`imageParameterName`). After a failed one,
 * the leftover revisions are deregistered and the parameter stays unchanged.
 */
export class ContainerPipeline extends Construct {
  readonly resource: Codepipeline;
  readonly build: BuildProject;
  readonly role: PipelineRole;
  readonly deployments: readonly DeploymentStages[];
  /** For a CodeCommit source only; CodePipeline itself watches a connection. */
  readonly trigger?: SourceTrigger;
  /** Rules that start the cleanup after a failed deployment, one per ECS deployment. */
  readonly failureRules: readonly CloudwatchEventRule[];

  readonly pipelineName: string;
  /** Formed from the name. */
  readonly pipelineArn: string;

  /** @throws ValidationError naming every prop that AWS would reject or that contradicts another. */
  constructor(scope: Construct, id: string, props: ContainerPipelineProps) {
    super(scope, id);
    checkContainerPipeline(this, props);
    const { accountId, partition, region } = AwsAccount.of(this);
    const { pipelineName, artifactStore: store, tags, permissionsBoundaryArn, logRetentionDays } = props;
    this.pipelineName = pipelineName;
    this.pipelineArn = `arn:${partition}:codepipeline:${region}:${accountId}:${pipelineName}`;

    this.role = new PipelineRole(this, 'role', {
      pipelineName,
      artifactStore: store,
      permissionsBoundaryArn,
      tags,
      topicArns: props.approvalTopicArn === undefined ? undefined : [props.approvalTopicArn],
    });
    this.build = this.makeBuild(props);
    const sourceRole = this.role.addActionRole('source', [
      ...sourceStatements(this, props.source),
      ...artifactStatements(store, pipelineName, 'write'),
    ]);
    const buildRole = this.role.addActionRole('build', [
      ...artifactStatements(store, pipelineName, 'read-write'),
      startBuild(this.build),
    ]);

    const settings: StageSettings = {
      pipelineName,
      pipelineArn: this.pipelineArn,
      artifactStore: store,
      buildArtifact: BUILD_ARTIFACT,
      role: this.role,
      approvalTopicArn: props.approvalTopicArn,
      permissionsBoundaryArn,
      logRetentionDays,
      tags,
    };
    this.deployments = props.deployments.map(
      (deployment, index) =>
        new DeploymentStages(this, `deploy-${deployment.name}`, { ...settings, deployment, isFirst: index === 0 }),
    );
    this.failureRules = this.deployments.map(({ failureRule }) => failureRule).filter((rule) => rule !== undefined);

    const stages: CodepipelineStage[] = [
      { name: 'Source', action: [sourceAction(props.source, sourceRole.roleArn)] },
      {
        name: 'Build',
        action: [
          {
            name: 'Build',
            category: 'Build',
            owner: 'AWS',
            provider: 'CodeBuild',
            version: '1',
            roleArn: buildRole.roleArn,
            namespace: 'Build',
            inputArtifacts: [SOURCE_ARTIFACT],
            outputArtifacts: [BUILD_ARTIFACT],
            configuration: { ProjectName: this.build.projectName },
          },
        ],
      },
      ...this.deployments.flatMap((deployment) => deployment.stages),
    ];
    this.resource = new Codepipeline(this, 'resource', {
      name: pipelineName,
      // Only type V2 has triggers, stage rollbacks and source revision overrides. It is billed per minute that actions
      // run.
      pipelineType: 'V2',
      executionMode: props.executionMode ?? 'SUPERSEDED',
      roleArn: this.role.roleArn,
      artifactStore: [
        {
          location: store.bucketName,
          type: 'S3',
          encryptionKey: store.kmsKeyArn === undefined ? undefined : { id: store.kmsKeyArn, type: 'KMS' },
        },
      ],
      stage: stages,
      trigger: sourceTriggers(props.source),
      tags: tags === undefined ? undefined : { ...tags },
      dependsOn: [this.role.policy, ...this.role.actionRoles.map(({ policy }) => policy)],
    });
    if (props.source.provider === 'CodeCommit') {
      this.trigger = new SourceTrigger(this, 'trigger', {
        source: props.source,
        pipelineName,
        pipelineArn: this.pipelineArn,
        permissionsBoundaryArn,
        logRetentionDays,
        tags,
      });
    }
  }

  private makeBuild(props: ContainerPipelineProps): BuildProject {
    const { artifactStore: store, pipelineName, deployments } = props;
    const ecs = deployments.filter(isEcs);
    const [first] = deployments;
    const immediate = takesBuildsTaskDefinition(first, true) ? first : undefined;
    const handover: ImageHandover[] = [
      ...(ecs.some(({ type }) => type === 'rolling') ? ['imagedefinitions' as const] : []),
      ...(immediate === undefined ? [] : ['blue-green' as const]),
      ...(deployments.every(({ type }) => type === 'rolling') ? [] : ['image-detail' as const]),
    ];
    const container: Record<string, string> = ecs.length === 0 ? {} : { CONTAINER_NAME: ecs[0]!.containerName };
    if (immediate !== undefined) Object.assign(container, deployFilesEnvironment(immediate));
    return new BuildProject(this, 'build', {
      projectName: props.buildProjectName ?? `${pipelineName}-build`,
      description: `Tests and builds the image of ${pipelineName}`,
      source: 'pipeline',
      buildspec: containerBuildspec({
        handover,
        cpuArchitecture: props.cpuArchitecture,
        dockerfile: props.dockerfile,
        context: props.context,
        buildArgs: props.buildArgs,
        target: props.target,
        runtimeVersions: isCodeBuildImage(props.buildImage) ? props.runtimeVersions : {},
        testCommands: props.testCommands,
        lifecycleHooks: immediate?.lifecycleHooks,
        network: immediate?.network !== undefined,
      }),
      environment: { ...props.buildEnvironment, REPOSITORY_URL: props.repositoryUrl, ...container },
      secrets: props.buildSecrets,
      cpuArchitecture: props.cpuArchitecture,
      image: props.buildImage,
      computeType: props.buildComputeType,
      privileged: true,
      layerCache: props.layerCache ?? true,
      timeoutMinutes: props.buildTimeoutMinutes,
      queuedTimeoutMinutes: props.buildQueuedTimeoutMinutes,
      encryptionKeyArn: store.kmsKeyArn,
      logRetentionDays: props.logRetentionDays,
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
      roleStatements: [
        ...artifactStatements(store, pipelineName, 'read-write'),
        ...pushStatements(props.repositoryArn),
        ...(immediate === undefined ? [] : [describeTaskDefinitions]),
      ],
    });
  }
}

/** "Pushing an image" in the Amazon ECR user guide; the reads are for layers that exist already. */
function pushStatements(repositoryArn: string): IamStatement[] {
  return [
    { sid: 'EcrLogin', actions: ['ecr:GetAuthorizationToken'], resources: ['*'], allowAllResources: true },
    {
      sid: 'PushImage',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:InitiateLayerUpload',
        'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload',
        'ecr:PutImage',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      resources: [repositoryArn],
    },
  ];
}
