// Development: builds an app (or both), builds it again whenever a source changes, and restarts it.
// Usage: npm run dev, or npm run dev -w app-web
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appNames } from '../local/run/child-service';
import { develop } from '../local/run/develop';
import { startModelServer } from '../local/run/model-server';
import { runCommand, UserError } from '../local/toolchain';

async function main(): Promise<void> {
  const chosen = process.argv[2];
  const apps = chosen === undefined ? appNames : appNames.filter((app) => app === chosen);
  if (apps.length === 0) throw new UserError(`"${chosen}" is not an app; use one of ${appNames.join(', ')}`);

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

runCommand(main);
