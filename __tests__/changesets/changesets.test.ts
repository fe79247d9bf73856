import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

// The repository's own configuration and scripts, with the real changesets command, in a small repository.

const root = resolve(__dirname, '../..');
let repository: string;

function write(path: string, text: string | object): void {
  const file = join(repository, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text, null, 2));
}

function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { status: number | null; output: string } {
  // Neither the variables of the CI that this runs in, nor the git settings of whoever runs it, belong to the small
  // repository.
  const { GITHUB_BASE_REF: _g, CI_MERGE_REQUEST_DIFF_BASE_SHA: _m, STRATA_BASE_REF: _s, ...inherited } = process.env;
  const identity = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b.example',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b.example',
  };
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd: repository,
    encoding: 'utf8',
    env: { ...inherited, ...identity, ...env },
  });
  return { status, output: `${stdout}${stderr}`.trim() };
}

function git(...args: readonly string[]): void {
  const { status, output } = run('git', args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${output}`);
}

const script = (name: string, env: NodeJS.ProcessEnv = {}): { status: number | null; output: string } =>
  run(process.execPath, [join(root, 'scripts/changesets', name), repository], env);

function workspace(path: string, name: string, version: string, dependencies: Record<string, string> = {}): void {
  write(`${path}/package.json`, { name, version, dependencies });
  write(`${path}/index.ts`, 'export {};\n');
}

function intent(name: string, releases: Record<string, string>, ...summary: readonly string[]): void {
  const head = Object.entries(releases).map(([pkg, type]) => `"${pkg}": ${type}`);
  write(`.changeset/${name}.md`, ['---', ...head, '---', '', ...summary, ''].join('\n'));
}

const manifest = (path: string): { version: string; dependencies: Record<string, string> } =>
  JSON.parse(readFileSync(join(repository, path, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'strata-changesets-'));
  write('package.json', {
    name: 'house',
    version: '0.0.0',
    private: true,
    workspaces: ['modules/*', 'stacks/*', 'app-web'],
  });
  write('app-web/package.json', { name: 'app-web', version: '0.5.0', private: true });
  write('package-lock.json', { name: 'house', lockfileVersion: 3, packages: {} });
  workspace('modules/vpc', '@strata/vpc', '0.1.0');
  workspace('modules/alarms', '@strata/alarms', '1.4.0');
  workspace('modules/service', '@strata/service', '0.3.0', { '@strata/alarms': '^1.4.0' });
  workspace('stacks/network', '@strata/stack-network', '2.0.0', { '@strata/vpc': '^0.1.0' });
  workspace('stacks/compute', '@strata/stack-compute', '1.0.0', { '@strata/service': '^0.3.0' });
  cpSync(join(root, '.changeset/config.json'), join(repository, '.changeset/config.json'));
  for (const linked of ['scripts', 'node_modules']) symlinkSync(join(root, linked), join(repository, linked));
  write('.gitignore', 'node_modules\nscripts\n');
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'Start');
});

afterEach(() => rmSync(repository, { recursive: true, force: true }));

describe('the form of a changeset', () => {
  test('one that states its impact passes', () => {
    intent('a', { '@strata/vpc': 'patch' }, 'Name the route tables.', '', 'Resource impact: in place');
    expect(script('check.mjs')).toEqual({ status: 0, output: '1 changesets, each states its resource impact.' });
  });

  test('one without packages says that nothing is released', () => {
    intent('a', {}, 'Tests only.');
    expect(script('check.mjs').status).toBe(0);
  });

  test('one for an app, which makes no resources, needs no impact', () => {
    intent('a', { 'app-web': 'minor' }, 'Show the file name.');
    expect(script('check.mjs').status).toBe(0);
  });

  test.each<[string, Record<string, string>, string[], string]>([
    [
      'states no impact',
      { '@strata/vpc': 'patch' },
      ['Name the route tables.'],
      'states no resource impact; end it with "Resource impact: none", "Resource impact: in place", "Resource impact: replaced"',
    ],
    [
      'states an impact of its own making',
      { '@strata/vpc': 'patch' },
      ['X.', '', 'Resource impact: small'],
      'states no resource impact',
    ],
    [
      'names a package that is not here',
      { '@strata/vcp': 'patch' },
      ['X.', '', 'Resource impact: none'],
      '"@strata/vcp" is not a package of this repository; use one of @strata/alarms, @strata/service, @strata/vpc, @strata/stack-compute, @strata/stack-network, app-web',
    ],
    [
      'replaces resources in a patch',
      { '@strata/vpc': 'patch' },
      ['X.', '', 'Resource impact: replaced'],
      '"@strata/vpc": a change that replaces resources is no patch of 0.1.0; use minor',
    ],
    [
      'replaces resources in a minor version of something stable',
      { '@strata/stack-network': 'minor' },
      ['X.', '', 'Resource impact: replaced'],
      '"@strata/stack-network": a change that replaces resources is no minor of 2.0.0; use major',
    ],
    [
      'says nothing',
      { '@strata/vpc': 'patch' },
      ['Resource impact: none'],
      'says nothing about the change; add a sentence for its users',
    ],
  ])('one that %s is refused', (_title, releases, summary, says) => {
    intent('a', releases, ...summary);
    const { status, output } = script('check.mjs');
    expect(status).toBe(1);
    expect(output).toContain(`.changeset/a.md: ${says}`);
  });
});

describe('npx changeset version', () => {
  test('moves each package on its own and tells the impact in every changelog, also of those that only follow', () => {
    intent(
      'a',
      { '@strata/alarms': 'major' },
      'Rename the alarms.',
      '',
      'They are made anew.',
      '',
      'Resource impact: replaced',
    );
    intent('b', { '@strata/service': 'minor' }, 'Add exec.', '', 'Resource impact: none');
    const { status, output } = run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version']);
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });

    expect(manifest('modules/alarms').version).toBe('2.0.0');
    expect(manifest('modules/service')).toMatchObject({
      version: '0.4.0',
      dependencies: { '@strata/alarms': '^2.0.0' },
    });
    expect(manifest('stacks/compute')).toMatchObject({
      version: '1.0.1',
      dependencies: { '@strata/service': '^0.4.0' },
    });
    expect([manifest('modules/vpc').version, manifest('stacks/network').version]).toEqual(['0.1.0', '2.0.0']);

    expect(readFileSync(join(repository, 'modules/alarms/CHANGELOG.md'), 'utf8')).toContain(
      '## 2.0.0\n### Major Changes\n\n- Rename the alarms.\n\n  They are made anew.\n\n  Resource impact: replaced\n',
    );
    // The stack itself has no changeset, and what it depends on directly adds only "none": the harm comes from two
    // levels down.
    expect(readFileSync(join(repository, 'stacks/compute/CHANGELOG.md'), 'utf8')).toContain(
      '## 1.0.1\n### Patch Changes\n\n- Updated dependencies: @strata/service@0.4.0\n\n  Resource impact: replaced\n',
    );
  }, 30_000);

  test('versions a private package too', () => {
    intent('a', { 'app-web': 'minor' }, 'Show the file name.');
    expect(run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version']).status).toBe(0);
    expect(manifest('app-web').version).toBe('0.6.0');
  }, 30_000);
});

describe('npm run release:version', () => {
  const version = () => run(process.execPath, [join(root, 'scripts/changesets/version.mjs'), repository]);
  beforeEach(() => {
    write('package.json', {
      name: 'house',
      version: '0.0.0',
      private: true,
      workspaces: ['modules/*', 'stacks/*', 'stacks/*/contract', 'app-web'],
    });
    workspace('stacks/network/contract', '@strata/network-contract', '1.2.0');
    workspace('stacks/network', '@strata/stack-network', '2.0.0', { '@strata/network-contract': '^1.2.0' });
    workspace('stacks/compute', '@strata/stack-compute', '1.0.0', {
      '@strata/network-contract': '^1.0.0',
      '@strata/service': '^0.3.0',
    });
    git('add', '.');
    git('commit', '-q', '-m', 'Add a contract');
  });

  test('keeps the range of a reader that accepts the new contract, also where the reader is released', () => {
    intent('a', { '@strata/network-contract': 'minor' }, 'Add an output.', '', 'Resource impact: none');
    intent(
      'b',
      { '@strata/stack-compute': 'minor', '@strata/stack-network': 'minor' },
      'X.',
      '',
      'Resource impact: none',
    );
    intent('c', { '@strata/service': 'minor' }, 'Add exec.', '', 'Resource impact: none');
    expect(version().status).toBe(0);
    expect(manifest('stacks/network/contract').version).toBe('1.3.0');
    expect(manifest('stacks/compute')).toMatchObject({
      version: '1.1.0',
      dependencies: { '@strata/network-contract': '^1.0.0', '@strata/service': '^0.4.0' },
    });
    // Who publishes the contract needs the one with the new output.
    expect(manifest('stacks/network').dependencies).toEqual({ '@strata/network-contract': '^1.3.0' });
  }, 30_000);

  test('raises the range of a reader that does not, so that lint asks for the code to follow', () => {
    intent('a', { '@strata/network-contract': 'major' }, 'Remove an output.', '', 'Resource impact: none');
    expect(version().status).toBe(0);
    expect(manifest('stacks/compute')).toMatchObject({
      version: '1.0.1',
      dependencies: { '@strata/network-contract': '^2.0.0' },
    });
  }, 30_000);

  test('ends as changeset version ends', () => {
    intent('a', { '@strata/vcp': 'minor' }, 'X.', '', 'Resource impact: none');
    expect(version().status).not.toBe(0);
  }, 30_000);
});

describe('a changed package has a changeset', () => {
  const change = (path: string): void => {
    write(path, 'export const changed = true;\n');
    git('add', '.');
    git('commit', '-q', '-m', 'Change');
  };

  test('outside of a branch it says why nothing is checked', () => {
    expect(script('changed.mjs')).toEqual({
      status: 77,
      output: 'Not checked which packages lack a changeset: HEAD has nothing that main lacks; this is not a branch.',
    });
  });

  test('without a base it says what to do', () => {
    git('checkout', '-q', '-b', 'feature');
    git('branch', '-q', '-D', 'main');
    expect(script('changed.mjs')).toEqual({
      status: 77,
      output:
        'Not checked which packages lack a changeset: no base to compare with; set STRATA_BASE_REF, or fetch main.',
    });
  });

  test('a branch that changes a package without one is refused', () => {
    git('checkout', '-q', '-b', 'feature');
    change('modules/vpc/index.ts');
    const { status, output } = script('changed.mjs');
    expect(status).toBe(1);
    expect(output).toContain(
      'modules/vpc changed since main without a changeset; run "npx changeset" and choose @strata/vpc',
    );
  });

  test('a changeset for another package does not count', () => {
    git('checkout', '-q', '-b', 'feature');
    intent('a', { '@strata/alarms': 'patch' }, 'X.', '', 'Resource impact: none');
    change('modules/vpc/index.ts');
    expect(script('changed.mjs').status).toBe(1);
  });

  test('a branch with one passes, against the base of a pull request too', () => {
    git('branch', 'origin/release');
    git('checkout', '-q', '-b', 'feature');
    intent('a', { '@strata/vpc': 'patch' }, 'X.', '', 'Resource impact: none');
    change('modules/vpc/index.ts');
    expect(script('changed.mjs')).toEqual({ status: 0, output: 'Every package changed since main has a changeset.' });
    expect(script('changed.mjs', { GITHUB_BASE_REF: 'release' }).output).toBe(
      'Every package changed since origin/release has a changeset.',
    );
  });

  test.each(['modules/vpc/README.md', 'modules/new/index.ts', 'main.ts'])('a change of %s needs none', (path) => {
    git('checkout', '-q', '-b', 'feature');
    if (path.includes('/new/')) workspace('modules/new', '@strata/new', '0.1.0');
    change(path);
    expect(script('changed.mjs').status).toBe(0);
  });

  test('a branch that releases needs none any more', () => {
    git('checkout', '-q', '-b', 'release');
    workspace('modules/vpc', '@strata/vpc', '0.2.0');
    change('modules/vpc/index.ts');
    expect(script('changed.mjs').status).toBe(0);
  });
});
