import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { APPLICATION_PROGRAM } from '../../../local/run/background-application';

test('what `npm start` starts in the background is the command that runs the application', () => {
  const root = resolve(__dirname, '../../..');
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', APPLICATION_PROGRAM, 'help'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stdout).toContain('Usage: npm run apps [-- [<description.json>] [options]]');
  expect(status).toBe(0);
});
