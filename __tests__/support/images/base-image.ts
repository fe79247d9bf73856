import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../../../local/toolchain';
import type { Builder } from './builder';

/** What the Dockerfiles' commands need, and Node.js. */
const PACKAGES = [
  'apt',
  'base-files',
  'base-passwd',
  'coreutils',
  'dash',
  'diffutils',
  'findutils',
  'libc-bin',
  'libstdc++6',
  'mawk',
  'perl-base',
];
const ENVIRONMENT = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
];

/**
 * Makes a base image from what this machine has: Debian's packages as they are installed, the Node.js given, and npm.
 * It stands under the reference given, so that a Dockerfile takes it for the one it names.
 */
export function makeBaseImage(builder: Builder, node: string, references: readonly string[]): void {
  const container = builder.run('from', 'scratch').trim();
  const root = builder.run('mount', container).trim();
  for (const folder of ['bin', 'lib', 'lib64', 'sbin']) {
    mkdirSync(join(root, 'usr', folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  copyPackages(root);
  copyApt(root);
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\n_apt:x:42:65534::/nonexistent:/usr/sbin/nologin\nnode:x:1000:1000::/home/node:/bin/sh\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n');
  for (const folder of ['root', 'proc', 'sys', 'dev', 'opt', 'tmp', 'home/node'])
    mkdirSync(join(root, folder), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  addNode(root, node);
  builder.run('umount', container);
  builder.run('config', ...ENVIRONMENT.map((variable) => `--env=${variable}`), container);
  const [first, ...others] = references;
  builder.run('commit', '--format=docker', '--quiet', container, first!);
  for (const other of others) builder.run('tag', first!, other);
  builder.run('rm', container);
}

const lines = (file: string, ...args: string[]): string[] =>
  execFileSync(file, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\n')
    .filter(Boolean);

/** Documents that the packages bring; no program needs them. */
const DOCUMENTS = /^\/usr\/share\/(doc|man|locale|info|lintian|bug)(\/|$)/;

/** The packages, with all they depend on, and what dpkg knows about them. */
function copyPackages(root: string): void {
  const entries = new Map(
    readFileSync('/var/lib/dpkg/status', 'utf8')
      .split('\n\n')
      .filter((entry) => entry.includes('\nStatus: install ok installed'))
      .map((entry) => [/^Package: (.*)$/m.exec(entry)?.[1] ?? '', entry]),
  );
  const leaveOut = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
    (kind) => `--no-${kind}`,
  );
  const names = lines('apt-cache', 'depends', '--recurse', '--installed', ...leaveOut, ...PACKAGES).filter((name) =>
    entries.has(name),
  );
  const files = new Set(
    lines('dpkg-query', '-L', ...names).filter((file) => !DOCUMENTS.test(file) && existsSync(file)),
  );
  const archive = execFileSync('tar', ['-C', '/', '-cf', '-', '--no-recursion', '-T', '-'], {
    input: [...files].map((file) => `.${file}`).join('\n'),
    maxBuffer: 1024 * 1024 * 1024,
  });
  execFileSync('tar', ['-C', root, '-xf', '-', '--keep-directory-symlink'], { input: archive });
  const database = 'var/lib/dpkg';
  for (const folder of ['info', 'updates', 'triggers']) mkdirSync(join(root, database, folder), { recursive: true });
  writeFileSync(join(root, database, 'status'), names.map((name) => `${entries.get(name)}\n\n`).join(''));
  for (const file of readdirSync(join('/', database, 'info')))
    if (file === 'format' || names.includes(file.slice(0, file.lastIndexOf('.')).split(':')[0]!))
      cpSync(join('/', database, 'info', file), join(root, database, 'info', file));
}

/** Where this machine's packages come from. */
function copyApt(root: string): void {
  cpSync('/etc/apt', join(root, 'etc/apt'), { recursive: true, dereference: true });
  for (const folder of ['var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'var/log/apt'])
    mkdirSync(join(root, folder), { recursive: true });
}

/** As Node.js's own images have them. */
function addNode(root: string, node: string): void {
  const local = join(root, 'usr/local');
  mkdirSync(join(local, 'bin'), { recursive: true });
  cpSync(node, join(local, 'bin/node'));
  const license = join(dirname(node), '../LICENSE');
  if (existsSync(license)) cpSync(license, join(local, 'LICENSE'));
  const npm = dirname(dirname(realpathSync(findProgram('npm')!)));
  cpSync(npm, join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
}
