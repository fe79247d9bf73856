import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startBuild } from '../process/build-workspace';
import { appCommand, type AppName } from './child-service';

const root = join(__dirname, '../..');

/**
 * Builds an app, builds it again whenever a source changes, and restarts it after each build. Its log goes to this
 * process's output, each line behind the app's name.
 * @param outdir folder of the build
 * @param environment everything that the app sees of the environment
 * @returns ends the app and its build
 */
export function develop(app: AppName, outdir: string, environment: NodeJS.ProcessEnv): () => void {
  let server: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    // The page's build was faster; the server's says so when it is done.
    if (!existsSync(join(outdir, 'server.js'))) return;
    const next = (): void => {
      server = spawn(
        process.execPath,
        [...appCommand(app).options, '--enable-source-maps', join(outdir, 'server.js')],
        { cwd: outdir, env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      createInterface({ input: server.stdout! }).on('line', (line) => process.stdout.write(`${app} ${line}\n`));
    };
    if (server === undefined || server.exitCode !== null) next();
    else {
      server.once('exit', next);
      server.kill('SIGINT');
    }
  };
  const builder = startBuild(join(root, app), [`--outdir=${outdir}`, '--watch'], ['pipe', 'pipe', 'inherit']);
  // An app is several builds; one restart is enough for those that finish together.
  createInterface({ input: builder.stdout! }).on('line', () => {
    clearTimeout(timer);
    timer = setTimeout(start, 100);
  });
  return () => {
    builder.kill();
    server?.kill('SIGINT');
  };
}
