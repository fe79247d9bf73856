import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf } from './dockerfile';

const root = join(__dirname, '../..');
const git = (args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

// CodePipeline hands a build a zip of the repository: no .git, and the installed packages beside the sources.
(existsSync(join(root, '.git')) ? test : test.skip)('an export without .git has the files of the checkout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strata-export-'));
  try {
    execFileSync('sh', ['-c', `git archive HEAD | tar -x -C ${folder}`], { cwd: root });
    mkdirSync(join(folder, 'node_modules/express'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/express/index.js'), '');
    const tracked = git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']).split('\0').filter(Boolean);
    expect(filesOf(folder).sort()).toEqual(tracked.sort());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
