import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand, UserError } from '../local/toolchain';
import { appNames, type AppName } from '../local/run/child-service';
import { imageCommand } from '../local/process/image-command';
import { startModelServer } from '../local/run/model-server';

// Development: builds an app (or both), builds it again whenever a source changes, and starts it anew.
// Usage: npm run dev, or npm run dev -w app-web

const root = join(__dirname, '..');

async function main(): Promise<void> {
  const chosen = process.argv[2];
  const apps = chosen === undefined ? appNames : appNames.filter((app) => app === chosen);
  if (apps.length === 0) throw new UserError(`"${chosen}" is no app; use one of ${appNames.join(', ')}`);

  const given = process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] || undefined;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const endpoint = process.env['SAGEMAKER_ENDPOINT_NAME'] ?? 'image-classifier';
  const model =
    given === undefined && apps.includes('app-was')
      ? await startModelServer({ endpoints: [endpoint], roles: new Map(), onEvent: say })
      : undefined;
  for (const line of model?.models ?? []) say(`endpoint ${line}`);
  const environment = {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...(model === undefined ? {} : { AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: model.url }),
    APP_WAS_URL: 'http://127.0.0.1:8081',
    METRICS_PORT: 'off',
    HOST: '127.0.0.1',
    ...process.env,
  };
  const folder = mkdtempSync(join(tmpdir(), 'strata-dev-'));
  const stops = apps.map((app) => develop(app, join(folder, app), environment));
  const stop = (): void => {
    for (const end of stops) end();
    rmSync(folder, { recursive: true, force: true });
    void Promise.resolve(model?.close()).finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (apps.includes('app-web')) process.stderr.write('The page: http://127.0.0.1:8000\n');
}

function develop(app: AppName, outdir: string, environment: NodeJS.ProcessEnv): () => void {
  let server: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    // Another of its builds was faster; the one of the server says so when it is done.
    if (!existsSync(join(outdir, 'server.js'))) return;
    const next = (): void => {
      server = spawn(
        process.execPath,
        [
          ...imageCommand(join(root, 'scripts/images/Dockerfile')).options,
          '--enable-source-maps',
          join(outdir, 'server.js'),
        ],
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
  const builder = spawn(
    process.execPath,
    [join(root, 'scripts/images/build.mjs'), app, `--outdir=${outdir}`, '--watch'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
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

runCommand(main);
