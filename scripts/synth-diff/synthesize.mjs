// Runs the app command of a tree for one case, and reads what it wrote.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const TIMEOUT_MS = 120_000;

/** Processes that have not ended. */
const running = new Set();

/** Ends what is still running, which would go on writing into folders that are about to be removed. */
export function stopAll() {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * @param {{ tree: string, cwd: string, outdir: string, case: import('./cases.mjs').SynthCase }} options
 * @returns {Promise<{ files: Map<string, unknown>, error?: undefined } | { error: string }>} by path: a JSON file's value, any other file's hash
 */
export async function synthesize({ tree, cwd, outdir, case: { context, fixtures } }) {
  rmSync(outdir, { recursive: true, force: true });
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(STRATA|CDKTF)_/.test(name)));
  const env = {
    ...inherited,
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
    CDKTF_OUTDIR: outdir,
    ...(fixtures !== undefined && { STRATA_FIXTURES: fixtures }),
  };
  const { status, output } = await runNode([appScript(tree)], { cwd, env });
  if (status !== 0) return { error: output.trim() || `it ended with ${status} and said nothing` };
  return { files: readFiles(outdir, tree) };
}

function appScript(tree) {
  const { app } = JSON.parse(readFileSync(join(tree, 'cdktf.json'), 'utf8'));
  const [program, script, ...rest] = app.split(' ');
  if (program !== 'node' || script === undefined || rest.length > 0)
    throw new Error(`cdktf.json: app is "${app}"; this command knows "node <script>" only`);
  return join(tree, script);
}

/** Ends, whatever becomes of the process: a crash is a status and what was printed before. */
function runNode(args, options) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.once('error', (error) => done({ status: 'an error', output: error.message }));
    child.once('close', (code, signal) => {
      running.delete(child);
      done({ status: code ?? signal, output });
    });
  });
}

function readFiles(outdir, tree) {
  const files = new Map();
  for (const entry of readdirSync(outdir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    files.set(
      relative(outdir, file),
      entry.name.endsWith('.json')
        ? readJson(file, outdir, tree)
        : createHash('sha256').update(readFileSync(file)).digest('hex'),
    );
  }
  return files;
}

/** The only values that are changed before comparing: the paths of the output folder and of the tree, which differ between the two sides. */
function readJson(file, outdir, tree) {
  return JSON.parse(readFileSync(file, 'utf8').replaceAll(outdir, '<output>').replaceAll(tree, '<tree>'));
}
