import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imageNode } from '../../local/node-versions';

/** What an image's last stage leaves behind: its files, and how its process is started. */
export interface BuiltImage {
  /** The stage's root folder. */
  readonly root: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly healthCheck: readonly string[];
  /** Base image of each stage. */
  readonly bases: readonly string[];
  /** Time that each RUN took, by its command, in seconds. */
  readonly seconds: ReadonlyMap<string, number>;
}

/**
 * Carries out a Dockerfile's steps by hand: each stage is a folder, COPY copies from the context as the ignore file
 * leaves it, RUN runs. Where there is no Docker, this is how far a Dockerfile can be tried; what it cannot show is the
 * base image.
 */
export function carryOut(props: {
  readonly dockerfile: string;
  readonly context: string;
  readonly folder: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** A folder of programs that RUN finds before the machine's own, such as a fake package manager. */
  readonly programs?: string;
}): BuiltImage {
  const stages = new Map<string, string>();
  const global: Record<string, string> = { BUILDPLATFORM: 'linux/amd64' };
  const bases: string[] = [];
  const seconds = new Map<string, number>();
  let inStage = false;
  let root = '';
  let workdir = '/';
  let variables: Record<string, string> = {};
  let environment: Record<string, string> = {};
  let user: string | undefined;
  let entryPoint: string[] = [];
  let command: string[] = [];
  let labels: Record<string, string> = {};
  let healthCheck: string[] = [];

  const inside = (path: string): string => join(root, path.startsWith('/') ? path : join(workdir, path));
  const fill = (text: string): string =>
    text.replace(
      /\$\{?(\w+)\}?/g,
      (_whole, name: string) =>
        ({ ...(inStage ? {} : global), ...variables, ...environment })[name] ?? global[name] ?? '',
    );

  for (const line of readFileSync(props.dockerfile, 'utf8').split('\n')) {
    const [, word, rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (word === undefined) continue;
    switch (word) {
      case 'ARG': {
        const [name, value = ''] = rest.split('=') as [string, string?];
        (inStage ? variables : global)[name] = props.arguments[name] ?? value;
        break;
      }
      case 'FROM': {
        const [, base = '', name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
        bases.push(fill(base));
        root = join(props.folder, name ?? 'final');
        stages.set(name ?? 'final', root);
        [inStage, workdir, variables, environment, user, entryPoint, command, healthCheck, labels] = [
          true,
          '/',
          {},
          {},
          undefined,
          [],
          [],
          [],
          {},
        ];
        break;
      }
      case 'WORKDIR':
        workdir = fill(rest);
        mkdirSync(inside('.'), { recursive: true });
        break;
      case 'ENV':
        for (const pair of rest.split(' ')) environment[pair.split('=', 1)[0]!] = pair.slice(pair.indexOf('=') + 1);
        break;
      case 'COPY': {
        const [, from, source, target] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(fill(rest)) ?? [];
        if (source === undefined || target === undefined) throw new Error(`not understood: COPY ${rest}`);
        if (from !== undefined) cpSync(join(stages.get(from)!, source), inside(target), { recursive: true });
        else {
          const ignored = readIgnoreFile(`${props.dockerfile}.dockerignore`);
          for (const file of filesOf(props.context)) {
            if (
              ignored(file) ||
              !existsSync(join(props.context, file)) ||
              !(source === '.' || file === source || file.startsWith(`${source}/`))
            )
              continue;
            mkdirSync(dirname(inside(join(target, file))), { recursive: true });
            cpSync(join(props.context, file), inside(join(target, file)));
          }
        }
        break;
      }
      case 'RUN': {
        const started = performance.now();
        // The base image's Node.js; its npm is the machine's.
        const node = imageNode(props.dockerfile);
        const run = spawnSync('sh', ['-c', fill(rest)], {
          cwd: inside('.'),
          env: {
            PATH: [props.programs, dirname(node), process.env['PATH']].filter((part) => part !== undefined).join(':'),
            HOME: process.env['HOME'] ?? '',
            ...certificates(),
            ...environment,
          },
          encoding: 'utf8',
        });
        if (run.status !== 0)
          throw new Error(`RUN ${fill(rest)} ended with ${run.status}:\n${run.stdout}${run.stderr}`);
        seconds.set(fill(rest), (performance.now() - started) / 1000);
        break;
      }
      case 'USER':
        user = rest;
        break;
      case 'HEALTHCHECK':
        healthCheck = JSON.parse(/CMD (\[.*\])$/.exec(rest)?.[1] ?? '[]') as string[];
        break;
      case 'EXPOSE':
        break;
      case 'LABEL':
        labels = { ...labels, [rest.split('=', 1)[0]!]: rest.slice(rest.indexOf('=') + 1) };
        break;
      case 'ENTRYPOINT':
        entryPoint = JSON.parse(rest) as string[];
        break;
      case 'CMD':
        command = JSON.parse(rest) as string[];
        break;
      default:
        throw new Error(`not understood: ${line}`);
    }
  }
  return { root, workdir: inside('.'), environment, user, entryPoint, command, labels, healthCheck, bases, seconds };
}

/** A machine's own certificates, which its Node.js may know by itself and another one does not. */
function certificates(): Record<string, string> {
  const file = process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt';
  return existsSync(file) ? { NODE_EXTRA_CA_CERTS: file } : {};
}

/** Tracked files and new ones that are not ignored: a clean checkout plus work in progress. */
export function filesOf(context: string): string[] {
  if (!existsSync(join(context, '.git'))) return exportedFiles(context);
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: context,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\0')
    .filter((file) => file !== '');
}

/** The files of an export without `.git`, such as CodePipeline's source, apart from what an installation adds. */
function exportedFiles(context: string, folder = ''): string[] {
  return readdirSync(join(context, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'lib', '.strata'].includes(entry.name) ? [] : exportedFiles(context, path);
    return [path];
  });
}

/** Whether an ignore file leaves a path out: the last pattern that matches the path, or a folder above it, decides. */
export function readIgnoreFile(file: string): (path: string) => boolean {
  const patterns = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      out: !line.startsWith('!'),
      expression: new RegExp(`^${expression(line.replace(/^!/, ''))}(?:/|$)`),
    }));
  return (path) => patterns.reduce((out, pattern) => (pattern.expression.test(path) ? pattern.out : out), false);
}

/** `**` stands for any folders, `*` for any name. */
function expression(pattern: string): string {
  return pattern
    .split('**/')
    .map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '[^/]*'))
    .join('(?:.*/)?');
}
