// Plain JavaScript for plain node: this runs on a fresh checkout, before anything is installed.
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ensureInstalled } from './install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const HELP = `Usage: npm start [-- <option>]

Installs what is needed, starts the AWS emulator, deploys the layers network, registry, ml and compute into it with
the real cdktf, Terraform and AWS provider, and shows what now exists and where the page is. Run again, it changes only what differs.

Options:
  --destroy   destroy the layers instead, last one first; the emulator keeps running
  --verbose   show everything cdktf and Terraform print, instead of a line now and then
  --help      this text

STRATA_EMULATOR_PORT chooses the emulator's port (5555).
`;

const args = process.argv.slice(2);
const unknown = args.filter((arg) => !['--destroy', '--verbose', '--help', '-h'].includes(arg));
if (unknown.length > 0) fail(`unknown option '${unknown[0]}'\n\n${HELP}`);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(HELP);
  process.exit(0);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  fail(`node ${process.versions.node} is too old: install node 20.9 or newer (https://nodejs.org)`);
}

if (!ensureInstalled(root)) process.exit(1);

const loader = new URL('../node_modules/tsx/dist/loader.mjs', import.meta.url).href;
const main = spawnSync(process.execPath, ['--import', loader, join(root, 'local', 'run', 'start.ts'), ...args], {
  cwd: root,
  stdio: 'inherit',
  // A notice about node versions from the AWS SDK, which only reads the table at the end.
  env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
});
process.exit(main.status ?? 1);

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
