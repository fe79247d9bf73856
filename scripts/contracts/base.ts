// The commits that contracts are compared with.
import { spawnSync } from 'node:child_process';
import type { ContractDescription } from '@strata/contract';
import { UserError } from '../../local/toolchain';
import { CONTRACT_FILE } from './layer-contracts';

export interface Base {
  /** The commit, as a person names it. */
  readonly name: string;
  readonly commit: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The commits to compare with, the newest last; or why there is none.
 *
 * On a branch it is where the branch left its base: `chosen`, $STRATA_BASE_REF, the pull request's base, or the default
 * branch. On the default branch itself it is the commit before this one, and this one for what is not committed yet.
 * @throws UserError when `chosen` is not a commit here
 */
export function basesOf(
  root: string,
  chosen?: string,
  environment: Environment = process.env,
): readonly Base[] | string {
  if (git(root, 'rev-parse', '--is-inside-work-tree') !== 'true') return 'this is not a git checkout';
  const head = commitOf(root, 'HEAD');
  if (head === undefined) return 'nothing is committed yet';
  if (chosen !== undefined && commitOf(root, chosen) === undefined)
    throw new UserError(`base "${chosen}" is not a commit in this checkout; fetch it, or name another with --base`);

  const {
    STRATA_BASE_REF: variable,
    GITHUB_BASE_REF: pullRequest,
    CI_MERGE_REQUEST_DIFF_BASE_SHA: mergeRequest,
  } = environment;
  const candidates =
    chosen === undefined
      ? [variable, pullRequest && `origin/${pullRequest}`, mergeRequest, 'origin/HEAD', 'origin/main', 'main']
      : [chosen];
  const name = candidates.find(
    (ref): ref is string => ref !== undefined && ref !== '' && commitOf(root, ref) !== undefined,
  );
  const fork = name === undefined ? undefined : (git(root, 'merge-base', 'HEAD', name) ?? commitOf(root, name));
  if (name !== undefined && fork !== undefined && (fork !== head || chosen !== undefined))
    return [{ name, commit: fork }];

  const before = commitOf(root, 'HEAD^');
  if (before === undefined && git(root, 'rev-parse', '--is-shallow-repository') === 'true')
    return 'this checkout is shallow; fetch its base, or set STRATA_BASE_REF';
  return [...(before === undefined ? [] : [{ name: 'HEAD^', commit: before }]), { name: 'HEAD', commit: head }];
}

/** Folder of a layer -> its contract, as a commit has them. A commit from before there were any has none. */
export function contractsAt(root: string, { commit, name }: Base): ReadonlyMap<string, ContractDescription> {
  const files = (git(root, 'ls-tree', '-r', '--name-only', commit, '--', 'stacks') ?? '')
    .split('\n')
    .filter((file) => file.endsWith(`/${CONTRACT_FILE}`));
  return new Map(
    files.map((file) => {
      const text = git(root, 'show', `${commit}:./${file}`);
      try {
        return [file.slice(0, -CONTRACT_FILE.length - 1), JSON.parse(text ?? '') as ContractDescription];
      } catch (error) {
        throw new UserError(`${file} at ${name}: ${(error as Error).message}`);
      }
    }),
  );
}

function commitOf(root: string, ref: string): string | undefined {
  return git(root, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
}

function git(root: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? stdout.trim() : undefined;
}
