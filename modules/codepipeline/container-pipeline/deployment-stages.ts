import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import type { CodepipelineStage, CodepipelineStageAction } from '@cdktf/provider-aws/lib/codepipeline';
import { AwsAccount, terraformJson } from '@strata/core';
import { BuildProject, type BuildProjectProps } from '../build-project';
import {
  cleanUpBuildspec,
  deployFilesBuildspec,
  endpointBuildspec,
  releaseBuildspec,
  smokeTestBuildspec,
  workerBuildspec,
} from '../buildspec';
import { ServiceRole, type IamStatement } from '@strata/iam';
import { Construct } from 'constructs';
import { describeTaskDefinitions, passTaskRoles, startBuild } from './action-statements';
import { artifactStatements, type ArtifactStore } from './artifact-store';
import { BlueGreenDeployment } from './blue-green-deployment';
import {
  isEcs,
  takesBuildsTaskDefinition,
  type BlueGreenEcsDeployment,
  type Deployment,
  type EcsDeployment,
  type EndpointDeployment,
  type RollingEcsDeployment,
  type WorkerDeployment,
} from './deployment';
import { deployFilesEnvironment } from './deploy-files-environment';
import type { PipelineRole } from './pipeline-role';

/** Settings shared by the stages of all deployments of a pipeline. */
export interface StageSettings {
  readonly pipelineName: string;
  readonly pipelineArn: string;
  readonly artifactStore: ArtifactStore;
  readonly buildArtifact: string;
  readonly role: PipelineRole;
  readonly approvalTopicArn?: string;
  readonly permissionsBoundaryArn?: string;
  readonly logRetentionDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface DeploymentStagesProps extends StageSettings {
  readonly deployment: Deployment;
  /** Whether it directly follows the build. */
  readonly isFirst: boolean;
}

/**
 * The stages of one deployment: an optional approval, then the deployment, the record of the image, and the smoke test.
 */
export class DeploymentStages extends Construct {
  readonly stages: readonly CodepipelineStage[];
  /** Only for blue/green. */
  readonly blueGreen?: BlueGreenDeployment;
  /** Records what was deployed; for an endpoint and for workers, it also deploys. */
  readonly release: BuildProject;
  /** ECS only: removes what a failed deployment left behind. */
  readonly cleanUp?: BuildProject;
  readonly failureRule?: CloudwatchEventRule;
  readonly smokeTest?: BuildProject;
  /** Writes the task definition and the AppSpec for a blue/green deployment after an approval or with rollback. */
  readonly prepare?: BuildProject;

  private readonly actions: CodepipelineStageAction[] = [];
  private readonly prefix: string;
  private readonly deployStage: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeploymentStagesProps,
  ) {
    super(scope, id);
    const { deployment, pipelineName } = props;
    this.prefix = `${pipelineName}-${deployment.name}`;
    this.deployStage = `Deploy-${deployment.name}`;

    let statements: IamStatement[];
    if (isEcs(deployment)) {
      const blueGreen = deployment.type === 'blue-green' ? deployment : undefined;
      if (blueGreen !== undefined) this.blueGreen = this.makeBlueGreen(blueGreen);
      if (blueGreen !== undefined && !takesBuildsTaskDefinition(blueGreen, props.isFirst))
        this.prepare = this.makePrepare(blueGreen);
      this.release = this.makeRelease(deployment);
      this.cleanUp = this.makeCleanUp(deployment);
      if (deployment.smokeTest !== undefined) this.smokeTest = this.makeSmokeTest(deployment);
      this.failureRule = this.cleanUpAfterFailure(this.cleanUp);
      const builds = [this.prepare, this.release, this.smokeTest].filter((project) => project !== undefined);
      statements = [
        startBuild(...builds),
        ...(blueGreen === undefined ? this.rollingStatements(deployment) : this.blueGreenStatements(deployment)),
      ];
    } else {
      this.release =
        deployment.type === 'worker' ? this.makeWorkerRelease(deployment) : this.makeEndpointRelease(deployment);
      statements = [startBuild(this.release)];
    }
    const role = props.role.addActionRole(`deploy-${deployment.name}`, [
      ...artifactStatements(props.artifactStore, pipelineName, this.prepare === undefined ? 'read' : 'read-write'),
      ...statements,
    ]);
    this.addActions(deployment, role.roleArn);
    this.stages = [
      ...this.approvalStage(deployment),
      {
        name: this.deployStage,
        action: this.actions,
        onFailure: isEcs(deployment) && deployment.rollBackOnFailure === true ? { result: 'ROLLBACK' } : undefined,
      },
    ];
  }

  private approvalStage({ approval, approvalMessage, name }: Deployment): CodepipelineStage[] {
    if (approval !== true) return [];
    return [
      {
        name: `Approve-${name}`,
        action: [
          {
            name: 'Approve',
            category: 'Approval',
            owner: 'AWS',
            provider: 'Manual',
            version: '1',
            configuration: {
              CustomData: approvalMessage ?? `Deploy #{Build.IMAGE_TAG} to ${name}?`,
              ...(this.props.approvalTopicArn === undefined ? {} : { NotificationArn: this.props.approvalTopicArn }),
            },
          },
        ],
      },
    ];
  }

  private addActions(deployment: Deployment, roleArn: string): void {
    const { buildArtifact } = this.props;
    const add = (action: Omit<CodepipelineStageAction, 'owner' | 'version' | 'roleArn' | 'runOrder'>): void => {
      this.actions.push({ owner: 'AWS', version: '1', roleArn, runOrder: this.actions.length + 1, ...action });
    };
    const build = (name: string, project: BuildProject, outputArtifacts?: string[]): void =>
      add({
        name,
        category: 'Build',
        provider: 'CodeBuild',
        inputArtifacts: [buildArtifact],
        outputArtifacts,
        configuration: { ProjectName: project.projectName },
      });
    if (!isEcs(deployment)) {
      build('Deploy', this.release);
      return;
    }
    if (deployment.type === 'rolling') add(rollingAction(deployment, buildArtifact));
    else {
      const prepared = `Prepared-${deployment.name}`;
      if (this.prepare !== undefined) build('Prepare', this.prepare, [prepared]);
      add(blueGreenAction(this.blueGreen!, buildArtifact, this.prepare === undefined ? buildArtifact : prepared));
    }
    build('Release', this.release);
    if (this.smokeTest !== undefined) build('SmokeTest', this.smokeTest);
  }

  private makeBlueGreen(deployment: BlueGreenEcsDeployment): BlueGreenDeployment {
    return new BlueGreenDeployment(this, 'blue-green', {
      ...deployment,
      name: this.prefix,
      hookFunctionArns: Object.values(deployment.lifecycleHooks ?? {}),
      permissionsBoundaryArn: this.props.permissionsBoundaryArn,
      tags: this.props.tags,
    });
  }

  private makePrepare(deployment: BlueGreenEcsDeployment): BuildProject {
    return this.makeProject('prepare', 'pipeline', {
      description: `Writes the task definition of ${deployment.name}`,
      buildspec: deployFilesBuildspec({
        lifecycleHooks: deployment.lifecycleHooks,
        network: deployment.network !== undefined,
      }),
      environment: deployFilesEnvironment(deployment),
      roleStatements: [...this.artifacts('read-write'), describeTaskDefinitions],
    });
  }

  private makeRelease(deployment: EcsDeployment): BuildProject {
    return this.makeProject('release', 'pipeline', {
      description: `Writes down the image that ${deployment.name} runs`,
      buildspec: releaseBuildspec(),
      environment: { ...serviceVariables(deployment), IMAGE_PARAMETER_NAME: deployment.imageParameterName },
      roleStatements: [
        ...this.artifacts('read'),
        ...this.revisionStatements(deployment),
        this.writeParameter(deployment),
      ],
    });
  }

  private makeEndpointRelease(deployment: EndpointDeployment): BuildProject {
    return this.makeProject('release', 'pipeline', {
      description: `Has the endpoint of ${deployment.name} run the image, and writes it down`,
      buildspec: endpointBuildspec(),
      timeoutMinutes: 60,
      environment: {
        DEPLOY_FUNCTION_NAME: deployment.functionName,
        IMAGE_PARAMETER_NAME: deployment.imageParameterName,
      },
      roleStatements: [
        ...this.artifacts('read'),
        { sid: 'InvokeDeployFunction', actions: ['lambda:InvokeFunction'], resources: [deployment.functionArn] },
        this.writeParameter(deployment),
      ],
    });
  }

  private makeWorkerRelease(deployment: WorkerDeployment): BuildProject {
    const { timeoutMinutes = 60, imageParameterName } = deployment;
    return this.makeProject('release', 'pipeline', {
      description: `Has the workers of ${deployment.name} run the image, and writes it down`,
      buildspec: workerBuildspec(),
      // It waits for room, for a self-test or for a new task, and not for all of them in most cases.
      timeoutMinutes: 3 * timeoutMinutes + 10,
      environment: {
        ...serviceVariables(deployment),
        IMAGE_PARAMETER_NAME: imageParameterName,
        ATTEMPTS: `${4 * timeoutMinutes}`,
      },
      roleStatements: [
        ...this.artifacts('read'),
        {
          sid: 'UpdateService',
          actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
          resources: [this.serviceArn(deployment)],
        },
        {
          // None of these can be restricted to a resource.
          sid: 'TaskDefinitions',
          actions: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'],
          resources: ['*'],
          allowAllResources: true,
        },
        ...this.registerStatements(deployment).filter(({ sid }) => sid !== 'DescribeTaskDefinition'),
        {
          sid: 'RunSelfTest',
          actions: ['ecs:RunTask'],
          resources: [this.ecsArn(`task-definition/${deployment.taskDefinitionFamily}:*`)],
          conditions: { ArnEquals: { 'ecs:cluster': this.ecsArn(`cluster/${deployment.clusterName}`) } },
        },
        {
          sid: 'SeeSelfTest',
          actions: ['ecs:DescribeTasks'],
          resources: [this.ecsArn(`task/${deployment.clusterName}/*`)],
        },
        this.writeParameter(deployment),
      ],
    });
  }

  private makeCleanUp(deployment: EcsDeployment): BuildProject {
    return this.makeProject('clean-up', 'none', {
      description: `Removes what a failed deployment to ${deployment.name} left registered`,
      buildspec: cleanUpBuildspec(),
      environment: { ...serviceVariables(deployment), PIPELINE_NAME: this.props.pipelineName },
      roleStatements: [
        ...this.revisionStatements(deployment),
        {
          sid: 'ListPipelineExecutions',
          actions: ['codepipeline:ListPipelineExecutions'],
          resources: [this.props.pipelineArn],
        },
      ],
    });
  }

  private makeSmokeTest({ name, smokeTest }: EcsDeployment): BuildProject {
    const { url, expectedStatus = 200, expectedText, attempts = 10, intervalSeconds = 6 } = smokeTest!;
    return this.makeProject('smoke-test', 'pipeline', {
      description: `Asks the deployed address of ${name}`,
      buildspec: smokeTestBuildspec(),
      // Each attempt may take up to the build's 10 s timeout.
      timeoutMinutes: Math.max(30, Math.ceil((attempts * (intervalSeconds + 10)) / 60) + 5),
      environment: {
        URL: url,
        EXPECTED_STATUS: `${expectedStatus}`,
        ATTEMPTS: `${attempts}`,
        INTERVAL_SECONDS: `${intervalSeconds}`,
        ...(expectedText === undefined ? {} : { EXPECTED_TEXT: expectedText }),
      },
      roleStatements: this.artifacts('read'),
    });
  }

  private makeProject(
    name: string,
    source: 'pipeline' | 'none',
    props: Pick<BuildProjectProps, 'description' | 'buildspec' | 'environment' | 'roleStatements' | 'timeoutMinutes'>,
  ): BuildProject {
    const { permissionsBoundaryArn, logRetentionDays, tags, artifactStore } = this.props;
    return new BuildProject(this, name, {
      ...props,
      projectName: `${this.prefix}-${name}`,
      source,
      permissionsBoundaryArn,
      logRetentionDays,
      tags,
      encryptionKeyArn: source === 'pipeline' ? artifactStore.kmsKeyArn : undefined,
    });
  }

  /** A failed stage cannot run further actions, so an event starts the cleanup. */
  private cleanUpAfterFailure(project: BuildProject): CloudwatchEventRule {
    const { accountId } = AwsAccount.of(this);
    const { pipelineName, permissionsBoundaryArn, tags } = this.props;
    const rule = new CloudwatchEventRule(this, 'failure', {
      name: `${this.prefix}-failed`,
      description: `Failed deployments of ${pipelineName} to ${this.props.deployment.name}`,
      eventPattern: terraformJson({
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Stage Execution State Change'],
        detail: { pipeline: [pipelineName], stage: [this.deployStage], state: ['FAILED', 'STOPPED'] },
      }),
      tags: tags === undefined ? undefined : { ...tags },
    });
    const role = new ServiceRole(this, 'failure-role', {
      roleName: `${this.prefix}-events-role`,
      service: 'events.amazonaws.com',
      sourceAccount: accountId,
      sourceArn: rule.arn,
      permissionsBoundaryArn,
      tags,
      statements: [{ sid: 'StartCleanUp', actions: ['codebuild:StartBuild'], resources: [project.projectArn] }],
    });
    new CloudwatchEventTarget(this, 'failure-target', {
      rule: rule.name,
      arn: project.projectArn,
      roleArn: role.roleArn,
    });
    return rule;
  }

  private artifacts(access: 'read' | 'read-write'): IamStatement[] {
    return artifactStatements(this.props.artifactStore, this.props.pipelineName, access);
  }

  /**
   * Describing a service and its revisions, and deregistering. The task definition actions have no resource-level
   * permissions.
   */
  private revisionStatements(deployment: EcsDeployment): IamStatement[] {
    return [
      { sid: 'DescribeService', actions: ['ecs:DescribeServices'], resources: [this.serviceArn(deployment)] },
      {
        sid: 'TaskDefinitions',
        actions: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'],
        resources: ['*'],
        allowAllResources: true,
      },
    ];
  }

  private writeParameter({ imageParameterName }: Deployment): IamStatement {
    const { accountId, partition, region } = AwsAccount.of(this);
    return {
      sid: 'WriteImage',
      actions: ['ssm:PutParameter'],
      resources: [`arn:${partition}:ssm:${region}:${accountId}:parameter${imageParameterName}`],
    };
  }

  private serviceArn({ clusterName, serviceName }: EcsDeployment | WorkerDeployment): string {
    return this.ecsArn(`service/${clusterName}/${serviceName}`);
  }

  private ecsArn(resource: string): string {
    const { accountId, partition, region } = AwsAccount.of(this);
    return `arn:${partition}:ecs:${region}:${accountId}:${resource}`;
  }

  /** "Amazon Elastic Container Service deploy action reference" in the CodePipeline user guide. */
  private rollingStatements(deployment: EcsDeployment): IamStatement[] {
    return [
      {
        sid: 'UpdateService',
        actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
        resources: [this.serviceArn(deployment)],
      },
      {
        sid: 'DescribeTasks',
        actions: ['ecs:ListTasks', 'ecs:DescribeTasks'],
        resources: ['*'],
        allowAllResources: true,
        conditions: { ArnEquals: { 'ecs:cluster': this.ecsArn(`cluster/${deployment.clusterName}`) } },
      },
      ...this.registerStatements(deployment),
    ];
  }

  private registerStatements(deployment: EcsDeployment | WorkerDeployment): IamStatement[] {
    return [
      {
        // Cannot be restricted to a resource.
        sid: 'DescribeTaskDefinition',
        actions: ['ecs:DescribeTaskDefinition'],
        resources: ['*'],
        allowAllResources: true,
      },
      {
        sid: 'RegisterTaskDefinition',
        actions: ['ecs:RegisterTaskDefinition'],
        resources: [this.ecsArn(`task-definition/${deployment.taskDefinitionFamily}:*`)],
      },
      {
        sid: 'TagTaskDefinition',
        actions: ['ecs:TagResource'],
        resources: [this.ecsArn(`task-definition/${deployment.taskDefinitionFamily}:*`)],
        conditions: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
      },
      passTaskRoles(deployment),
    ];
  }

  /** "CodeDeploy blue-green deploy action reference" in the CodePipeline user guide. */
  private blueGreenStatements(deployment: EcsDeployment): IamStatement[] {
    const { accountId, partition, region } = AwsAccount.of(this);
    const arn = (resource: string): string => `arn:${partition}:codedeploy:${region}:${accountId}:${resource}`;
    return [
      {
        sid: 'CreateDeployment',
        actions: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
        resources: [arn(`deploymentgroup:${this.prefix}/${this.prefix}`)],
      },
      {
        sid: 'RegisterApplicationRevision',
        actions: [
          'codedeploy:GetApplication',
          'codedeploy:GetApplicationRevision',
          'codedeploy:RegisterApplicationRevision',
        ],
        resources: [arn(`application:${this.prefix}`)],
      },
      {
        sid: 'GetDeploymentConfig',
        actions: ['codedeploy:GetDeploymentConfig'],
        resources: [arn('deploymentconfig:*')],
      },
      ...this.registerStatements(deployment),
    ];
  }
}

function serviceVariables({
  clusterName,
  serviceName,
  containerName,
  taskDefinitionFamily,
}: EcsDeployment | WorkerDeployment): Record<string, string> {
  return {
    CLUSTER_NAME: clusterName,
    SERVICE_NAME: serviceName,
    CONTAINER_NAME: containerName,
    TASK_DEFINITION_FAMILY: taskDefinitionFamily,
  };
}

function rollingAction({ clusterName, serviceName, timeoutMinutes = 60 }: RollingEcsDeployment, buildArtifact: string) {
  return {
    name: 'Deploy',
    category: 'Deploy',
    provider: 'ECS',
    inputArtifacts: [buildArtifact],
    configuration: {
      ClusterName: clusterName,
      ServiceName: serviceName,
      FileName: 'imagedefinitions.json',
      DeploymentTimeout: `${timeoutMinutes}`,
    },
  };
}

function blueGreenAction({ application, group }: BlueGreenDeployment, buildArtifact: string, filesArtifact: string) {
  return {
    name: 'Deploy',
    category: 'Deploy',
    provider: 'CodeDeployToECS',
    inputArtifacts: [...new Set([buildArtifact, filesArtifact])],
    configuration: {
      ApplicationName: application.name,
      DeploymentGroupName: group.deploymentGroupName,
      TaskDefinitionTemplateArtifact: filesArtifact,
      TaskDefinitionTemplatePath: 'taskdef.json',
      AppSpecTemplateArtifact: filesArtifact,
      AppSpecTemplatePath: 'appspec.yaml',
      Image1ArtifactName: buildArtifact,
      Image1ContainerName: 'IMAGE1_NAME',
    },
  };
}
