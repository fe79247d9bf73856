import type { CodepipelineStageAction, CodepipelineTrigger } from '@cdktf/provider-aws/lib/codepipeline';
import { AwsAccount, isResolved } from '@strata/core';
import type { IamStatement } from '@strata/iam';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { branchOf, branchPatternsOf, type CodeSource } from './code-source';

/** An action of a pipeline, as the provider's resource takes it. */
export type PipelineAction = CodepipelineStageAction;

/** Name of the source action. */
export const SOURCE_ACTION = 'Source';
/** Name of the source artifact. */
export const SOURCE_ARTIFACT = 'Source';

/** The action that fetches the source at the commit of the execution. */
export function sourceAction(source: CodeSource, roleArn: string): PipelineAction {
  const shared = {
    name: SOURCE_ACTION,
    category: 'Source',
    owner: 'AWS',
    version: '1',
    roleArn,
    outputArtifacts: [SOURCE_ARTIFACT],
  };
  return source.provider === 'CodeCommit'
    ? // The trigger starts the pipeline; CodePipeline must not poll for changes as well.
      {
        ...shared,
        provider: 'CodeCommit',
        configuration: {
          RepositoryName: source.repositoryName,
          BranchName: branchOf(source),
          PollForSourceChanges: 'false',
        },
      }
    : {
        ...shared,
        provider: 'CodeStarSourceConnection',
        configuration: {
          ConnectionArn: source.connectionArn,
          FullRepositoryId: source.repositoryId,
          BranchName: branchOf(source),
          DetectChanges: 'false',
        },
      };
}

/**
 * What the action's role needs besides writing the artifact: "CodeCommit" and "CodeStarSourceConnection" in the
 * CodePipeline user guide.
 */
export function sourceStatements(scope: Construct, source: CodeSource): IamStatement[] {
  const { accountId, partition, region } = AwsAccount.of(scope);
  return source.provider === 'CodeCommit'
    ? [
        {
          sid: 'ReadRepository',
          actions: [
            'codecommit:GetBranch',
            'codecommit:GetCommit',
            'codecommit:GetRepository',
            'codecommit:UploadArchive',
            'codecommit:GetUploadArchiveStatus',
            'codecommit:CancelUploadArchive',
          ],
          resources: [`arn:${partition}:codecommit:${region}:${accountId}:${source.repositoryName}`],
        },
      ]
    : [
        {
          sid: 'UseConnection',
          actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
          resources: bothNames(source.connectionArn),
        },
      ];
}

/** A connection created under the CodeStar name is matched under either name. */
function bothNames(arn: string): string[] {
  // The provider's own resource has the CodeStar name.
  if (!isResolved(arn)) return [arn, Fn.replace(arn, ':codestar-connections:', ':codeconnections:')];
  const other = arn.includes(':codestar-connections:')
    ? arn.replace(':codestar-connections:', ':codeconnections:')
    : arn.replace(':codeconnections:', ':codestar-connections:');
  return [...new Set([arn, other])];
}

/** The triggers of a pipeline whose source is a connection; a CodeCommit source has an EventBridge rule instead. */
export function sourceTriggers(source: CodeSource): CodepipelineTrigger[] {
  if (source.provider === 'CodeCommit') return [];
  const { tagPatterns, pathPatterns } = source;
  const includes = (patterns: readonly string[]): { includes: string[] } => ({ includes: [...patterns] });
  return [
    {
      providerType: 'CodeStarSourceConnection',
      gitConfiguration: {
        sourceActionName: SOURCE_ACTION,
        push: [
          tagPatterns === undefined
            ? {
                branches: includes(branchPatternsOf(source)),
                ...(pathPatterns === undefined ? {} : { filePaths: includes(pathPatterns) }),
              }
            : { tags: includes(tagPatterns) },
        ],
      },
    },
  ];
}
