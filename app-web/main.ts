import { runService } from '@strata/service-runtime';
import { join } from 'node:path';
import { createApp } from './app';
import { version } from './package.json';
import { settings } from './settings';

void runService({
  service: 'app-web',
  version,
  settings,
  createApp: (parts) => createApp({ ...parts, pageFolder: join(__dirname, 'page') }),
});
