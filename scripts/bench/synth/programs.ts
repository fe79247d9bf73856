// The programs that Strata is compared with: each a separate npm project, installed outside the repository's
// dependencies.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sources, workFolder } from './paths';

export type Program = 'cdktf-usual' | 'aws-cdk' | 'cli-floor';

/** Strata's layers that the other programs have, too. */
export const COMPARED_LAYERS = { STRATA_LAYERS: 'network,registry,compute' };

export const folderOf = (program: Program): string => join(workFolder, program);

/**
 * Installs all programs, compiles the one that also runs compiled, and gives the CLI's floor Strata's own output to
 * copy.
 */
export function installPrograms(progress: (text: string) => void): void {
  mkdirSync(workFolder, { recursive: true });
  install('cdktf-usual', progress);
  install('aws-cdk', progress);
  compile(folderOf('aws-cdk'));

  copySources('cli-floor');
  const precomputed = join(folderOf('cli-floor'), 'precomputed');
  rmSync(precomputed, { recursive: true, force: true });
  execFileSync(process.execPath, ['scripts/synth.mjs'], {
    cwd: root,
    env: { ...process.env, ...COMPARED_LAYERS, CDKTF_OUTDIR: precomputed },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function install(program: 'cdktf-usual' | 'aws-cdk', progress: (text: string) => void): void {
  copySources(program);
  const folder = folderOf(program);
  const lockFile = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const installed = join(folder, 'node_modules', '.installed-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lockFile) return;
  progress(`installing ${program}`);
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(installed, lockFile);
}

function compile(folder: string): void {
  const options = {
    noEmit: false,
    rootDir: 'bin',
    outDir: 'dist',
    declaration: false,
    inlineSourceMap: false,
    inlineSources: false,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  execFileSync(join(folder, 'node_modules', '.bin', 'tsc'), args, { cwd: folder, stdio: 'inherit' });
}

function copySources(program: Program): void {
  cpSync(join(sources, 'programs', program), folderOf(program), { recursive: true });
}
