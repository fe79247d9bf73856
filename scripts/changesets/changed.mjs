// Holds that a branch which changes a package also carries a changeset for it. Outside of a branch there is nothing to
// compare with: ends with 77 and says why.
// Usage: node scripts/changesets/changed.mjs [root]; the base is $STRATA_BASE_REF, else the pull request's base, else
// main.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { workspaces } from '../workspaces.mjs';
import intents from './intents.js';

const NOT_HERE = 77;
const root = resolve(process.argv[2] ?? '.');

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? stdout.trim() : undefined;
}

function skip(reason) {
  console.log(`Not checked which packages lack a changeset: ${reason}.`);
  process.exitCode = NOT_HERE;
}

/** What only explains or tests a package releases nothing. */
const changesNothing = (path) => /\.(md|test\.ts)$/.test(path);

function baseCommit() {
  const {
    STRATA_BASE_REF: chosen,
    GITHUB_BASE_REF: pullRequest,
    CI_MERGE_REQUEST_DIFF_BASE_SHA: mergeRequest,
  } = process.env;
  const candidates = [chosen, pullRequest && `origin/${pullRequest}`, mergeRequest, 'origin/main', 'main'].filter(
    Boolean,
  );
  const ref = candidates.find(
    (candidate) => git('rev-parse', '--verify', '--quiet', `${candidate}^{commit}`) !== undefined,
  );
  return ref === undefined ? undefined : { ref, commit: git('merge-base', 'HEAD', ref) };
}

function check() {
  if (git('rev-parse', '--is-inside-work-tree') !== 'true') return skip('this is not a git checkout');
  const base = baseCommit();
  if (base?.commit === undefined) return skip('no base to compare with; set STRATA_BASE_REF, or fetch main');
  if (base.commit === git('rev-parse', 'HEAD'))
    return skip(`HEAD has nothing that ${base.ref} lacks; this is not a branch`);

  const changedFiles = git('diff', '--name-only', base.commit, 'HEAD', '--', 'modules', 'stacks', 'sagemaker')
    .split('\n')
    .filter(Boolean);
  const announced = new Set(intents.readIntents(root).flatMap(({ releases }) => releases.map(({ name }) => name)));
  const silent = workspaces(root).filter(({ path, manifest }) => {
    if (
      announced.has(manifest.name) ||
      !changedFiles.some((file) => file.startsWith(`${path}/`) && !changesNothing(file))
    )
      return false;
    const before = git('show', `${base.commit}:${path}/package.json`);
    // A package that is new, or was versioned on this branch, announces itself in its changelog.
    return before !== undefined && JSON.parse(before).version === manifest.version;
  });
  for (const { path, manifest } of silent)
    console.error(
      `${path} changed since ${base.ref} without a changeset; run "npx changeset" and choose ${manifest.name}`,
    );
  console.log(
    silent.length === 0
      ? `Every package changed since ${base.ref} has a changeset.`
      : `${silent.length} packages changed without a changeset.`,
  );
  process.exitCode = silent.length === 0 ? 0 : 1;
}

check();
