import { isResolved, checkName, type NameRule, type Problems } from '@strata/core';

/**
 * Which pushes start a pipeline. In patterns, `*` matches any text (in a path: within one folder) and `**` any number
 * of folders.
 */
export interface SourceFilters {
  /** Branch of a manually started execution. @default main */
  readonly branch?: string;
  /** Branches whose pushes start the pipeline. @default `branch` alone; none with `tagPatterns` */
  readonly branchPatterns?: readonly string[];
  /** Tags whose pushes start the pipeline, instead of branches. @default none */
  readonly tagPatterns?: readonly string[];
  /**
   * A push must change at least one matching path; for a repository with several applications. Not with `tagPatterns`.
   * @default any path
   */
  readonly pathPatterns?: readonly string[];
}

/** A repository of CodeCommit, in this account and region. */
export interface CodeCommitSource extends SourceFilters {
  readonly provider: 'CodeCommit';
  readonly repositoryName: string;
}

/** A repository of GitHub, GitLab or Bitbucket, through a connection that was confirmed in the console. */
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

/** Limits of CodePipeline's triggers, applied to both kinds of source. */
const MAX_PATTERNS = 8;

/** The branch of a manually started execution. */
export function branchOf(source: CodeSource): string {
  return source.branch ?? 'main';
}

/** The branches whose pushes start the pipeline. */
export function branchPatternsOf(source: CodeSource): readonly string[] {
  return source.tagPatterns === undefined ? (source.branchPatterns ?? [branchOf(source)]) : [];
}

/** Adds every problem of a source; `key` is the prop's name. */
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
      `${key}.repositoryId: "${source.repositoryId}" is not a repository; write <owner>/<name>, such as "example/shop"`,
    );
  }
  problems.check(
    branchOf(source) !== '' && !/[\s*]/.test(branchOf(source)),
    `${key}.branch: "${branchOf(source)}" is not a branch name; name one branch, and use branchPatterns for several`,
  );
  const lists = ['branchPatterns', 'tagPatterns', 'pathPatterns'] as const;
  for (const list of lists) {
    const patterns = source[list];
    if (patterns === undefined) continue;
    problems.check(
      patterns.length > 0,
      `${key}.${list}: with an empty list nothing starts the pipeline; add a pattern, or leave it out`,
    );
    problems.check(
      patterns.length <= MAX_PATTERNS,
      `${key}.${list}: ${patterns.length} patterns, CodePipeline accepts at most ${MAX_PATTERNS}; combine some with *`,
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
      `${key}.${list}: it cannot be combined with tagPatterns, as a tag is on no branch and changes no file; ` +
        `leave one of the two out`,
    );
  }
}
