import { spawn } from 'node:child_process';
import type { CdktfProject } from './cdktf-project';

/**
 * Synthesizes all layers of an environment into a folder, with the project's app command, run as `cdktf synth` runs it.
 * The app selects the environment by the variable STRATA_ENVIRONMENT.
 * @throws Error with the app command's message if it fails.
 */
export async function synthesizeEnvironment(project: CdktfProject, environment: string, folder: string): Promise<void> {
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    CDKTF_OUTDIR: folder,
    CDKTF_CONTEXT_JSON: JSON.stringify(project.context),
    STRATA_ENVIRONMENT: environment,
    // All layers, as they are deployed.
    STRATA_LAYERS: undefined,
    STRATA_FIXTURES: undefined,
  };
  const { status, output } = await run(project.app, project.directory, variables);
  if (status !== 0) throw new Error(messageIn(output) || `"${project.app}" ended with ${status}`);
}

/** The error message of a failed program, in one line without the stack trace. */
function messageIn(output: string): string {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^at .+[:)]/.test(line) && !/^Node\.js v\d/.test(line))
    .join(' ');
}

function run(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly status: number | string | null; readonly output: string }> {
  return new Promise((done) => {
    const child = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.on('error', (error) => done({ status: null, output: error.message }));
    child.on('close', (status, signal) => done({ status: status ?? signal, output }));
  });
}
