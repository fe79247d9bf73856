/**
 * The parts of the buildspec syntax that are used here.
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
   * By default post_build still runs after a failed build phase, but nothing runs after a failed install phase. ABORT
   * makes every phase behave the same way.
   */
  readonly 'on-failure'?: 'ABORT';
  readonly commands: readonly string[];
}

/** The options cannot be turned into a buildspec. The message names each wrong option. */
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

/** A buildspec as text for a CodeBuild project, in JSON (a subset of YAML). */
export function buildspecText(buildspec: Buildspec): string {
  return JSON.stringify(buildspec, null, 2);
}

/** A phase whose first failing command ends the build. */
export function phase(commands: readonly string[]): BuildspecPhase {
  return { 'on-failure': 'ABORT', commands };
}
