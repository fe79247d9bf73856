/**
 * A buildspec, as far as the ones made here use the language.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export interface Buildspec {
  readonly version: 0.2;
  readonly env?: {
    readonly variables?: Readonly<Record<string, string>>;
    readonly 'exported-variables'?: readonly string[];
  };
  readonly phases: Readonly<Partial<Record<'install' | 'pre_build' | 'build', BuildspecPhase>>>;
  readonly artifacts?: { readonly files: readonly string[] };
}

export interface BuildspecPhase {
  readonly 'runtime-versions'?: Readonly<Record<string, string>>;
  /**
   * Without it a failed build phase is followed by post_build, and a failed install by nothing: ABORT says the same of
   * all.
   */
  readonly 'on-failure'?: 'ABORT';
  readonly commands: readonly string[];
}

/** A buildspec cannot be made from the options given; the message names each. */
export class BuildspecError extends Error {
  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? problems[0]
        : `${problems.length} problems:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'BuildspecError';
  }
}

/** The text of a buildspec, as a CodeBuild project holds it: JSON, which YAML includes. */
export function buildspecText(buildspec: Buildspec): string {
  return JSON.stringify(buildspec, null, 2);
}

/** A phase whose first failing command ends the build. */
export function phase(commands: readonly string[]): BuildspecPhase {
  return { 'on-failure': 'ABORT', commands };
}
