import { Codepipeline, type CodepipelineStage } from '@cdktf/provider-aws/lib/codepipeline';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { AwsAccount, isResolved, Problems, checkName, checkOneOf } from '@strata/core';
import { BuildProject } from '../build-project';
import { layerApplyBuildspec, layerPlanBuildspec, type CpuArchitecture } from '../buildspec';
import {
  checkCodeSource,
  SOURCE_ARTIFACT,
  SourceTrigger,
  sourceAction,
  sourceStatements,
  sourceTriggers,
  type CodeSource,
} from '../code-source';
import { artifactStatements, PIPELINE_NAME, PipelineRole, type ArtifactStore } from '../container-pipeline';
import { checkStatements, type IamStatement } from '@strata/iam';
import { Construct } from 'constructs';

/** What a build of a layer does. */
export type LayerBuildStep = 'plan' | 'apply';

/** A layer that the pipeline plans and applies. */
export interface PipelineLayer {
  /** Id of its stack, such as `network`. */
  readonly layer: string;
  /**
   * Managed policies of the build that plans; it must be able to read the layer's resources.
   * @default ReadOnlyAccess of AWS
   */
  readonly planPolicyArns?: readonly string[];
  /**
   * Managed policies of the build that applies. There is no default: the layer's owner decides what the layer may
   * change.
   */
  readonly applyPolicyArns: readonly string[];
  /** SNS topic on which the layer's owner is asked to approve. @default the pipeline's `approvalTopicArn` */
  readonly approvalTopicArn?: string;
  /** Whether the plan is applied without approval. @default false */
  readonly autoApprove?: boolean;
}

export interface LayerPipelineProps {
  readonly pipelineName: string;
  readonly source: CodeSource;
  /** Environment of cdktf.json to deploy to; passed as STRATA_ENVIRONMENT. */
  readonly environment: string;
  /** The layers, in the order in which they are applied. */
  readonly layers: readonly PipelineLayer[];
  readonly artifactStore: ArtifactStore;
  /**
   * What a layer's build needs to reach the states: `statePlannerStatements` of `@strata/s3` for the one that plans,
   * `stateWriterStatements` for the one that applies, and `stateReaderStatements` for the layers that it reads.
   * @default nothing
   */
  readonly stateStatements?: (layer: string, step: LayerBuildStep) => readonly IamStatement[];
  /** Such as 1.12.2. */
  readonly terraformVersion: string;
  /**
   * SHA-256 of Terraform's zip for the platform of `cpuArchitecture`, from HashiCorp's `SHA256SUMS` of that version.
   */
  readonly terraformSha256: string;
  /** Of the build machines. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** Further environment variables of the builds. @default none */
  readonly buildEnvironment?: Readonly<Record<string, string>>;
  /**
   * Environment variable of the builds -> ARN of a secret in Secrets Manager, such as TF_TOKEN_app_terraform_io.
   * @default none
   */
  readonly buildSecrets?: Readonly<Record<string, string>>;
  /** SNS topic on which approvals are announced. @default none */
  readonly approvalTopicArn?: string;
  /** Managed policy that limits every role created here. @default none */
  readonly permissionsBoundaryArn?: string;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The builds of one layer. */
export interface LayerBuilds {
  readonly plan: BuildProject;
  readonly apply: BuildProject;
}

/**
 * A pipeline for the layers themselves: for each layer, in order, a stage that synthesizes, plans, asks the owner for
 * approval and applies that plan. A layer is planned after the previous one has been applied, because it reads that
 * layer's outputs.
 */
export class LayerPipeline extends Construct {
  readonly resource: Codepipeline;
  readonly role: PipelineRole;
  /** By layer. */
  readonly builds: ReadonlyMap<string, LayerBuilds>;
  readonly trigger?: SourceTrigger;
  readonly pipelineName: string;
  readonly pipelineArn: string;

  /** @throws ValidationError naming every prop that AWS would reject or that contradicts another. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: LayerPipelineProps,
  ) {
    super(scope, id);
    check(this, props);
    const { accountId, partition, region } = AwsAccount.of(this);
    const { pipelineName, artifactStore: store, tags, permissionsBoundaryArn, logRetentionDays } = props;
    this.pipelineName = pipelineName;
    this.pipelineArn = `arn:${partition}:codepipeline:${region}:${accountId}:${pipelineName}`;
    const topics = [
      ...new Set([props.approvalTopicArn, ...props.layers.map(({ approvalTopicArn }) => approvalTopicArn)]),
    ].filter((arn) => arn !== undefined);
    this.role = new PipelineRole(this, 'role', {
      pipelineName,
      artifactStore: store,
      topicArns: topics,
      permissionsBoundaryArn,
      tags,
    });
    const sourceRole = this.role.addActionRole('source', [
      ...sourceStatements(this, props.source),
      ...artifactStatements(store, pipelineName, 'write'),
    ]);

    this.builds = new Map(props.layers.map((layer) => [layer.layer, this.makeBuilds(layer)]));
    this.resource = new Codepipeline(this, 'resource', {
      name: pipelineName,
      pipelineType: 'V2',
      // Two executions must not plan against a half-applied state; a newer one waits.
      executionMode: 'QUEUED',
      roleArn: this.role.roleArn,
      artifactStore: [
        {
          location: store.bucketName,
          type: 'S3',
          encryptionKey: store.kmsKeyArn === undefined ? undefined : { id: store.kmsKeyArn, type: 'KMS' },
        },
      ],
      stage: [
        { name: 'Source', action: [sourceAction(props.source, sourceRole.roleArn)] },
        ...props.layers.map((layer) => this.stageOf(layer)),
      ],
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

  private makeBuilds({ layer, planPolicyArns, applyPolicyArns }: PipelineLayer): LayerBuilds {
    const { partition } = AwsAccount.of(this);
    const { props } = this;
    const environment = {
      ...props.buildEnvironment,
      LAYER: layer,
      STRATA_ENVIRONMENT: props.environment,
      TERRAFORM_VERSION: props.terraformVersion,
      TERRAFORM_PLATFORM: props.cpuArchitecture === 'X86_64' ? 'linux_amd64' : 'linux_arm64',
      TERRAFORM_SHA256: props.terraformSha256,
      CHECKPOINT_DISABLE: '1',
    };
    const project = (step: LayerBuildStep, policyArns: readonly string[]): BuildProject => {
      const made = new BuildProject(this, `${layer}-${step}`, {
        projectName: `${props.pipelineName}-${layer}-${step}`,
        description: step === 'plan' ? `Plans the layer ${layer}` : `Applies the plan of the layer ${layer}`,
        source: 'pipeline',
        buildspec: step === 'plan' ? layerPlanBuildspec() : layerApplyBuildspec(),
        environment,
        secrets: props.buildSecrets,
        cpuArchitecture: props.cpuArchitecture,
        timeoutMinutes: 60,
        encryptionKeyArn: props.artifactStore.kmsKeyArn,
        logRetentionDays: props.logRetentionDays,
        permissionsBoundaryArn: props.permissionsBoundaryArn,
        tags: props.tags,
        roleStatements: [
          ...artifactStatements(props.artifactStore, props.pipelineName, step === 'plan' ? 'read-write' : 'read'),
          ...(props.stateStatements?.(layer, step) ?? []),
        ],
      });
      policyArns.forEach(
        (policyArn, i) =>
          new IamRolePolicyAttachment(made, `managed-policy-${i}`, { role: made.role.roleName, policyArn }),
      );
      return made;
    };
    return {
      plan: project('plan', planPolicyArns ?? [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`]),
      apply: project('apply', applyPolicyArns),
    };
  }

  private stageOf({ layer, approvalTopicArn, autoApprove }: PipelineLayer): CodepipelineStage {
    const { plan, apply } = this.builds.get(layer)!;
    const role = this.role.addActionRole(`layer-${layer}`, [
      ...artifactStatements(this.props.artifactStore, this.props.pipelineName, 'read-write'),
      {
        sid: 'RunBuilds',
        actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'],
        resources: [plan.projectArn, apply.projectArn],
      },
    ]);
    const topic = approvalTopicArn ?? this.props.approvalTopicArn;
    const artifact = `Plan-${layer}`;
    const build = { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1', roleArn: role.roleArn };
    return {
      name: layer,
      action: [
        {
          ...build,
          name: 'Plan',
          runOrder: 1,
          namespace: `Plan-${layer}`,
          inputArtifacts: [SOURCE_ARTIFACT],
          outputArtifacts: [artifact],
          configuration: { ProjectName: plan.projectName },
        },
        ...((autoApprove ?? false)
          ? []
          : [
              {
                name: 'Approve',
                category: 'Approval',
                owner: 'AWS',
                provider: 'Manual',
                version: '1',
                runOrder: 2,
                configuration: {
                  CustomData: `${layer}: #{Plan-${layer}.PLAN_SUMMARY}. The plan is in the log of the action Plan.`,
                  ...(topic === undefined ? {} : { NotificationArn: topic }),
                },
              },
            ]),
        {
          ...build,
          name: 'Apply',
          runOrder: 3,
          inputArtifacts: [artifact],
          configuration: { ProjectName: apply.projectName },
        },
      ],
    };
  }
}

function check(scope: Construct, props: LayerPipelineProps): void {
  const problems = new Problems(scope);
  checkName(problems, 'pipelineName', props.pipelineName, PIPELINE_NAME);
  checkOneOf(problems, 'cpuArchitecture', props.cpuArchitecture, ['ARM64', 'X86_64']);
  checkCodeSource(problems, 'source', props.source);
  for (const { layer } of props.layers) {
    for (const step of ['plan', 'apply'] as const)
      checkStatements(problems, `stateStatements("${layer}", "${step}")`, props.stateStatements?.(layer, step));
  }
  problems.check(
    /^\d+\.\d+\.\d+$/.test(props.terraformVersion),
    `terraformVersion: "${props.terraformVersion}" is not a version; write one such as 1.12.2`,
  );
  problems.check(
    /^[0-9a-f]{64}$/.test(props.terraformSha256),
    `terraformSha256: "${props.terraformSha256}" is not a SHA-256; take the line of the zip from ` +
      `terraform_${props.terraformVersion}_SHA256SUMS on releases.hashicorp.com`,
  );
  problems.check(props.layers.length > 0, 'layers: an empty list applies nothing; add at least one layer');
  const names = props.layers.map(({ layer }) => layer);
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    problems.add(`layers: "${name}" is applied twice; name each layer once`);
  for (const [i, { layer, applyPolicyArns, planPolicyArns }] of props.layers.entries()) {
    problems.check(
      /^[a-z][a-z0-9-]{0,31}$/.test(layer),
      `layers[${i}].layer: "${layer}" is not the id of a layer; use 1 to 32 lower-case letters, digits and ` +
        'hyphens, starting with a letter',
    );
    problems.check(
      applyPolicyArns.length > 0,
      `layers[${i}].applyPolicyArns: without a policy nothing can be applied; name the policies that allow ` +
        `what "${layer}" makes`,
    );
    for (const [key, arns] of [
      ['applyPolicyArns', applyPolicyArns],
      ['planPolicyArns', planPolicyArns ?? []],
    ] as const) {
      for (const arn of arns.filter(isResolved)) {
        problems.check(
          /^arn:[a-z-]+:iam::(aws|\d{12}):policy\/.+$/.test(arn),
          `layers[${i}].${key}: "${arn}" is not the ARN of a managed policy; write ` +
            'arn:aws:iam::<account>:policy/<name>',
        );
      }
    }
  }
  problems.throwIfAny();
}
