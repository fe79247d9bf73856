import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { AwsAccount, Problems, terraformJson } from '@strata/core';
import { BuildProject } from '../build-project';
import { sourceFilterBuildspec } from '../buildspec';
import { ServiceRole } from '@strata/iam';
import { Construct } from 'constructs';
import { branchPatternsOf, checkCodeSource, type CodeCommitSource } from './code-source';
import { SOURCE_ACTION } from './source-action';

export interface SourceTriggerProps {
  readonly source: CodeCommitSource;
  readonly pipelineName: string;
  readonly pipelineArn: string;
  /** Days the path filter's logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** Managed policy that limits the roles. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Starts a pipeline at the pushed commit when a branch or tag of a CodeCommit repository is updated.
 *
 * CodeCommit's events name no files. With `pathPatterns` a small build looks up what the push changed (about 20
 * seconds, billed as one minute) and starts the pipeline only on a match.
 */
export class SourceTrigger extends Construct {
  readonly rule: CloudwatchEventRule;
  readonly target: CloudwatchEventTarget;
  readonly role: ServiceRole;
  /** Only with `pathPatterns`. */
  readonly filter?: BuildProject;

  /** @throws ValidationError naming every problem of the source. */
  constructor(scope: Construct, id: string, props: SourceTriggerProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkCodeSource(problems, 'source', props.source);
    problems.throwIfAny();
    const { source, pipelineName } = props;
    const { accountId, partition, region } = AwsAccount.of(this);
    const repositoryArn = `arn:${partition}:codecommit:${region}:${accountId}:${source.repositoryName}`;

    if (source.pathPatterns !== undefined) {
      this.filter = new BuildProject(this, 'filter', {
        projectName: `${pipelineName}-filter`,
        description: `Starts ${pipelineName} when a push changed one of its paths`,
        source: 'none',
        buildspec: sourceFilterBuildspec(),
        environment: {
          REPOSITORY_NAME: source.repositoryName,
          PIPELINE_NAME: pipelineName,
          SOURCE_ACTION_NAME: SOURCE_ACTION,
          PATH_PATTERNS: JSON.stringify(source.pathPatterns),
        },
        timeoutMinutes: 5,
        logRetentionDays: props.logRetentionDays,
        permissionsBoundaryArn: props.permissionsBoundaryArn,
        tags: props.tags,
        roleStatements: [
          { sid: 'ReadDifferences', actions: ['codecommit:GetDifferences'], resources: [repositoryArn] },
          { sid: 'StartPipeline', actions: ['codepipeline:StartPipelineExecution'], resources: [props.pipelineArn] },
        ],
      });
    }
    const target =
      this.filter === undefined
        ? { sid: 'StartPipeline', action: 'codepipeline:StartPipelineExecution', arn: props.pipelineArn }
        : { sid: 'StartFilter', action: 'codebuild:StartBuild', arn: this.filter.projectArn };

    const patterns = source.tagPatterns ?? branchPatternsOf(source);
    this.rule = new CloudwatchEventRule(this, 'rule', {
      name: `${pipelineName}-source`,
      description: `Pushes to ${source.repositoryName} that start ${pipelineName}`,
      eventPattern: terraformJson({
        source: ['aws.codecommit'],
        'detail-type': ['CodeCommit Repository State Change'],
        resources: [repositoryArn],
        detail: {
          event: ['referenceCreated', 'referenceUpdated'],
          referenceType: [source.tagPatterns === undefined ? 'branch' : 'tag'],
          referenceName: patterns.map((pattern) =>
            pattern.includes('*') ? { wildcard: pattern.replaceAll('**', '*') } : pattern,
          ),
        },
      }),
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
    this.role = new ServiceRole(this, 'role', {
      roleName: `${pipelineName}-source-events-role`,
      service: 'events.amazonaws.com',
      sourceAccount: accountId,
      sourceArn: this.rule.arn,
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
      statements: [{ sid: target.sid, actions: [target.action], resources: [target.arn] }],
    });
    this.target = new CloudwatchEventTarget(this, 'target', {
      rule: this.rule.name,
      arn: target.arn,
      roleArn: this.role.roleArn,
      inputTransformer:
        this.filter === undefined
          ? {
              inputPaths: { commit: '$.detail.commitId' },
              inputTemplate: JSON.stringify({
                sourceRevisions: [{ actionName: SOURCE_ACTION, revisionType: 'COMMIT_ID', revisionValue: '<commit>' }],
              }),
            }
          : {
              inputPaths: { commit: '$.detail.commitId', old: '$.detail.oldCommitId' },
              inputTemplate: JSON.stringify({
                environmentVariablesOverride: [
                  { name: 'COMMIT_ID', value: '<commit>', type: 'PLAINTEXT' },
                  { name: 'OLD_COMMIT_ID', value: '<old>', type: 'PLAINTEXT' },
                ],
              }),
            },
    });
  }
}
