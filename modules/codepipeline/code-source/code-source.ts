import { isResolved, checkName, type NameRule, type Problems } from '@strata/core';

/** Which pushes start a pipeline. Patterns: `*` is any text, within a folder for paths, where `**` is any folders. */
export interface SourceFilters {
  /** Branch that a run started by hand takes. @default main */
  readonly branch?: string;
  /** Branches whose pushes start the pipeline. @default `branch` alone; none with `tagPatterns` */
  readonly branchPatterns?: readonly string[];
  /** Tags whose pushes start the pipeline, instead of branches. @default none */
  readonly tagPatterns?: readonly string[];
  /**
   * Paths of which a push must change one, for a repository that holds several applications. Not with `tagPatterns`.
   * @default any path
   */
  readonly pathPatterns?: readonly string[];
}

/** A repository of CodeCommit, in this account and region. */
export interface CodeCommitSource extends SourceFilters {
  readonly provider: 'CodeCommit';
  readonly repositoryName: string;
}

/** A repository of GitHub, GitLab or Bitbucket, through a connection that somebody has confirmed in the console. */
export interface CodeConnectionsSource extends SourceFilters {
  readonly provider: 'CodeConnections';
  readonly connectionArn: string;
  /** Owner and name, such as `example/shop`. */
  readonly repositoryId: string;
}

export type CodeSource = CodeCommitSource | CodeConnectionsSource;

/** `CreateRepository` in the AWS CodeCommit API reference. */
export const REPOSITORY_NAME: NameRule = {
  what: 'CodeCommit repository name',
  maxLength: 100,
  pattern: /^(?!.*\.git$)[\w.-]+$/,
  allowed: 'letters, digits and . _ -, not ending with .git',
};

/** Limits of CodePipeline's triggers, taken for both providers. */
const MAX_PATTERNS = 8;

/** The branch that a run started by hand takes. */
export function branchOf(source: CodeSource): string {
  return source.branch ?? 'main';
}

/** The branches whose pushes start the pipeline. */
export function branchPatternsOf(source: CodeSource): readonly string[] {
  return source.tagPatterns === undefined ? (source.branchPatterns ?? [branchOf(source)]) : [];
}

/** Adds everything that is wrong with a source; `key` names the prop. */
export function checkCodeSource(problems: Problems, key: string, source: CodeSource): void {
  if (source.provider === 'CodeCommit')
    checkName(problems, `${key}.repositoryName`, source.repositoryName, REPOSITORY_NAME);
  else {
    problems.check(
      !isResolved(source.connectionArn) ||
        /^arn:[a-z-]+:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/.+$/.test(
          source.connectionArn,
        ),
      `${key}.connectionArn: "${source.connectionArn}" is not the ARN of a connection; write ` +
        'arn:aws:codeconnections:<region>:<account>:connection/<id>',
    );
    problems.check(
      !isResolved(source.repositoryId) || /^[^/\s]+(\/[^/\s]+)+$/.test(source.repositoryId),
      `${key}.repositoryId: "${source.repositoryId}" is not a repository; write owner and name, such as "example/shop"`,
    );
  }
  problems.check(
    branchOf(source) !== '' && !/[\s*]/.test(branchOf(source)),
    `${key}.branch: "${branchOf(source)}" is not a branch; name one, and use branchPatterns for several`,
  );
  const lists = ['branchPatterns', 'tagPatterns', 'pathPatterns'] as const;
  for (const list of lists) {
    const patterns = source[list];
    if (patterns === undefined) continue;
    problems.check(
      patterns.length > 0,
      `${key}.${list}: an empty list lets nothing start the pipeline; name a pattern, or leave it out`,
    );
    problems.check(
      patterns.length <= MAX_PATTERNS,
      `${key}.${list}: ${patterns.length} patterns, CodePipeline takes ${MAX_PATTERNS}; join some with *`,
    );
    for (const pattern of patterns) {
      problems.check(
        pattern !== '' && pattern.length <= 255 && !pattern.startsWith('/'),
        `${key}.${list}: "${pattern}" is not a pattern; use 1 to 255 characters, without a slash at the start`,
      );
    }
  }
  for (const list of ['branchPatterns', 'pathPatterns'] as const) {
    problems.check(
      source.tagPatterns === undefined || source[list] === undefined,
      `${key}.${list}: a tag is on no branch and changes no file, so tagPatterns stand alone; leave one of the two out`,
    );
  }
}
