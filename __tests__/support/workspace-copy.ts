import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand, type CommandResult } from './e2e/command';
import { recentNode, withRecentNode } from './e2e/recent-node';

const repository = path.resolve(__dirname, '../..');

/** Files that a build has no use for. */
const NOT_BUILT = /^(__tests__|docs|app-web|app-was|sagemaker\/sample-model)\//;

/**
 * A copy of this checkout's sources, to build or to break something in: a repository with one commit. Installed
 * packages are shared.
 */
export class WorkspaceCopy {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'strata-copy-'));

  /** @param leftOut files that are not copied; by default those that a build has no use for */
  constructor(leftOut: RegExp = NOT_BUILT) {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: repository,
      encoding: 'utf8',
    });
    for (const file of listed
      .split('\0')
      .filter((name) => name !== '' && !leftOut.test(name) && existsSync(path.join(repository, name)))) {
      mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      cpSync(path.join(repository, file), path.join(this.folder, file));
    }
    symlinkSync(path.join(repository, 'node_modules'), path.join(this.folder, 'node_modules'), 'dir');
    const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
      [...author, 'commit', '--quiet', '--no-verify', '--message', 'As it is'],
    ]) {
      execFileSync('git', args, { cwd: this.folder });
    }
  }

  /** Runs a program of a package, such as `typescript/bin/tsc`, in the copy. */
  run(program: string, ...args: readonly string[]): Promise<CommandResult> {
    return runCommand(recentNode, [path.join(this.folder, 'node_modules', program), ...args], {
      cwd: this.folder,
      environment: withRecentNode(process.env),
    });
  }

  /**
   * Replaces what a pattern finds in a file.
   * @throws Error where it finds nothing
   */
  edit(file: string, pattern: RegExp, replacement: string): void {
    const target = path.join(this.folder, file);
    const before = readFileSync(target, 'utf8');
    const after = before.replace(pattern, replacement);
    if (after === before) throw new Error(`${file} has nothing like ${pattern}`);
    writeFileSync(target, after);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
