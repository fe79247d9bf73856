import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateBackendConfig, type StateBackend } from '@strata/state/config';

/** What `cdktf.json` says about a project. */
export interface CdktfProject {
  readonly directory: string;
  /** The command that synthesizes. */
  readonly app: string;
  /** Folder that `cdktf synth` writes to. */
  readonly output: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Environment -> the backend of its states. */
  readonly environments: ReadonlyMap<string, StateBackend>;
  /** What is wrong with it; empty if nothing is. */
  readonly problems: readonly string[];
}

/**
 * The CDKTF project in a folder; `undefined` if there is none.
 * @throws Error if its `cdktf.json` is not JSON or names no app command.
 */
export function readCdktfProject(directory: string): CdktfProject | undefined {
  const file = join(directory, 'cdktf.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const { app, output, context = {} } = parse(file, text);
  if (typeof app !== 'string') throw new Error(`${file}: has no "app", the command that synthesizes`);

  const environments = new Map<string, StateBackend>();
  const problems: string[] = [];
  for (const [name, environment] of Object.entries(
    (context.environments ?? {}) as Record<string, { readonly state?: unknown } | null>,
  )) {
    const state = stateBackendConfig.safeParse(environment?.state ?? { type: 'local' });
    if (state.success) environments.set(name, state.data);
    else
      problems.push(
        `environments.${name}.state of ${file}: ` +
          `${state.error.issues.map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': ')).join('; ')}`,
      );
  }
  return { directory, app, output: typeof output === 'string' ? output : 'cdktf.out', context, environments, problems };
}

function parse(
  file: string,
  text: string,
): { readonly app?: unknown; readonly output?: unknown; readonly context?: Readonly<Record<string, unknown>> } {
  try {
    return JSON.parse(text) as ReturnType<typeof parse>;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
