// Runs a buildspec as CodeBuild does: all commands in one shell, in a clean folder, up to the first that fails. What
// they call is stood in for.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Buildspec } from '@strata/codepipeline';

/** One call of a program. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  /** What stood on standard input, where the program was given any. */
  readonly input: string;
}

export interface BuildOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Files in the source, by path. */
  readonly source?: Readonly<Record<string, string>>;
  /**
   * What programs say: start of the call, such as `aws ecs describe-services`, -> its standard output. The longest that
   * fits is taken.
   */
  readonly answers?: Readonly<Record<string, string>>;
  /** Number of the call that fails, from 0. */
  readonly failing?: number;
  /** Programs that are stood in for. @default aws docker npm npx terraform unzip sha256sum */
  readonly programs?: readonly string[];
  /** Folders in which programs that are not stood in for are looked for, besides the system's own. @default none */
  readonly path?: readonly string[];
}

export interface BuildResult {
  readonly succeeded: boolean;
  readonly calls: readonly Call[];
  /** The calls as they were typed, without what stood on standard input. */
  readonly typed: readonly string[];
  readonly output: string;
  /** Names of what the build left in /tmp. */
  readonly left: readonly string[];
  /** A file of the build's folder; `undefined` where it is not there. */
  file(name: string): string | undefined;
  /** What the build exports to the pipeline. */
  readonly exported: Readonly<Record<string, string>>;
}

const PROGRAMS = ['aws', 'docker', 'npm', 'npx', 'terraform', 'unzip', 'sha256sum'];

/** Between the parts of a call, and after each call, in the record. */
const [PART, END] = ['\x1f', '\x1e'];

/**
 * Records a call, fails when it is its turn, and says what the test has given it to say. A shell script, as a build
 * calls dozens of them.
 */
const STAND_IN = `#!/bin/sh
program="\${0##*/}"
typed="$program"; for part in "$@"; do typed="$typed $part"; last="$part"; done
read -r number < "$STAND_INS/number"
echo $((number + 1)) > "$STAND_INS/number"
{ printf '%s${PART}' "$program"; for part in "$@"; do printf '%s${PART}' "$part"; done; { [ -f /dev/stdin ] || [ -p /dev/stdin ]; } && cat; printf '${END}'; } >> "$STAND_INS/calls"
read -r failing < "$STAND_INS/failing"
if [ "$number" = "$failing" ]; then echo "$program fails here" >&2; exit 7; fi
answer=0
while IFS= read -r start; do
  case "$typed" in
    "$start"*)
      # aws lambda invoke writes the answer to the file that its last argument names.
      if [ -f "$STAND_INS/answer-$answer-file" ]; then cat "$STAND_INS/answer-$answer-file" > "$last"; echo '{"StatusCode":200}'; else cat "$STAND_INS/answer-$answer"; fi
      exit 0;;
  esac
  answer=$((answer + 1))
done < "$STAND_INS/starts"
`;

/** Writes down what the stand-ins are to say and to do. */
function giveOrders(folder: string, answers: Readonly<Record<string, string>>, failing: number | undefined): void {
  const longestFirst = Object.entries(answers).sort(([a], [b]) => b.length - a.length);
  longestFirst.forEach(([, text], i) => {
    if (text.startsWith('file:')) writeFileSync(path.join(folder, `answer-${i}-file`), text.slice('file:'.length));
    else writeFileSync(path.join(folder, `answer-${i}`), `${text}\n`);
  });
  writeFileSync(path.join(folder, 'starts'), longestFirst.map(([start]) => `${start}\n`).join(''));
  writeFileSync(path.join(folder, 'failing'), `${failing ?? 'none'}\n`);
  writeFileSync(path.join(folder, 'number'), '0\n');
}

/** Runs a buildspec to its end or to its first failure. */
export function runBuildspec(buildspec: Buildspec, options: BuildOptions = {}): BuildResult {
  const folder = mkdtempSync(path.join(tmpdir(), 'strata-buildspec-'));
  const [programs, source, scratch] = [path.join(folder, 'bin'), path.join(folder, 'src'), path.join(folder, 'tmp')];
  for (const made of [programs, source, scratch]) mkdirSync(made);
  for (const program of options.programs ?? PROGRAMS) {
    writeFileSync(path.join(programs, program), STAND_IN);
    chmodSync(path.join(programs, program), 0o755);
  }
  for (const [name, text] of Object.entries(options.source ?? {})) {
    mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
    writeFileSync(path.join(source, name), text);
  }
  giveOrders(folder, options.answers ?? {}, options.failing);

  const exported = buildspec.env?.['exported-variables'] ?? [];
  const commands = (['install', 'pre_build', 'build'] as const)
    .flatMap((name) => buildspec.phases[name]?.commands ?? [])
    // A build has its machine to itself; builds of several tests share this one.
    .map((command) => command.replaceAll('/tmp/', `${scratch}/`));
  const script = [
    ...commands.map((command) => `${command}\n[ $? -eq 0 ] || exit 1`),
    ...exported.map((name) => `printf '%s' "$${name}" > ${path.join(folder, `exported-${name}`)}`),
  ].join('\n');
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd: source,
    encoding: 'utf8',
    env: {
      PATH: [programs, ...(options.path ?? []), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      HOME: folder,
      STAND_INS: folder,
      ...buildspec.env?.variables,
      ...options.environment,
    },
  });
  const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  const calls = (read(path.join(folder, 'calls')) ?? '')
    .replaceAll(`${scratch}/`, '/tmp/')
    .split(END)
    .slice(0, -1)
    .map((record): Call => {
      const parts = record.split(PART);
      return { program: parts[0]!, args: parts.slice(1, -1), input: parts.at(-1)! };
    });
  const files = new Map(
    [...(buildspec.artifacts?.files ?? [])].map((name) => [name, read(path.join(source, name))] as const),
  );
  const variables = Object.fromEntries(
    exported.map((name) => [name, read(path.join(folder, `exported-${name}`)) ?? '']),
  );
  const left = readdirSync(scratch);
  rmSync(folder, { recursive: true, force: true });
  return {
    left,
    succeeded: status === 0,
    calls,
    typed: calls.map(({ program, args }) => [program, ...args].join(' ')),
    output: `${stdout}${stderr}`,
    exported: variables,
    file: (name) => files.get(name),
  };
}

/** A line for each call that can fail: the build must end there, whichever it is. Gives back what was not right. */
export function failEachInTurn(buildspec: Buildspec, options: BuildOptions): string[] {
  const { typed } = runBuildspec(buildspec, options);
  return typed.flatMap((call, failing) => {
    const result = runBuildspec(buildspec, { ...options, failing });
    if (result.succeeded) return [`"${call}" failed and the build went on to its end`];
    return result.typed.length === failing + 1
      ? []
      : [`"${call}" failed and was followed by "${result.typed[failing + 1]}"`];
  });
}
