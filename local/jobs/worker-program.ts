import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../toolchain';

/** What a kind's image would run, here. */
export interface WorkerProgram {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Stands for the digest of the image: a result is adopted from the same program alone. */
  readonly digest: string;
}

/**
 * The program of a worker's image, read from its Dockerfile: the words of ENTRYPOINT behind `--`, with the folder in
 * place of `/app`.
 * @throws UserError when the folder has no such Dockerfile
 */
export function workerProgram(folder: string): WorkerProgram {
  const dockerfile = join(folder, 'Dockerfile');
  if (!existsSync(dockerfile))
    throw new UserError(`${folder} has no Dockerfile; name the folder of a worker, as jobs/examples/sentiment is one`);
  const entry = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(dockerfile, 'utf8'))?.[1];
  const words = entry === undefined ? [] : (JSON.parse(entry) as string[]);
  const separator = words.indexOf('--');
  if (separator === -1 || separator === words.length - 1)
    throw new UserError(
      `${dockerfile}: ENTRYPOINT is ${entry ?? 'missing'}; use ["/strata/node", "/strata/worker.mjs", "--", "<program>", ` +
        'arguments], in one line',
    );
  const here = resolve(folder);
  const command = words.slice(separator + 1).map((word) => word.replace(/^\/app(?=\/|$)/, here));
  return { command, digest: `sha256:${digestOf(folder)}` };
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, name);
    if (name.includes('__pycache__') || name.includes('node_modules') || !statSync(file).isFile()) continue;
    hash.update(`${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
