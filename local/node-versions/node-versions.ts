import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where `install.mjs` puts them. A copy of this repository uses those of the original: tests name the folder. */
const folder = (): string => process.env['STRATA_NODE_VERSIONS'] ?? join(__dirname, '../../.strata/node-versions');

/** The program of a major version of Node.js, such as 24; undefined where it is not installed. */
export function nodeBinary(major: number): string | undefined {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const file = join(folder(), 'node_modules', `node${major}-${process.platform}-${process.arch}`, 'bin/node');
  return existsSync(file) ? file : undefined;
}

/**
 * The major version of Node.js that an image ships with.
 * @throws Error when its Dockerfile does not begin with `ARG NODE_IMAGE=...node:<version>`
 */
export function imageNodeVersion(dockerfile: string): number {
  const version = /^ARG NODE_IMAGE=\S*\bnode:(\d+)/m.exec(readFileSync(dockerfile, 'utf8'))?.[1];
  if (version === undefined)
    throw new Error(`${dockerfile} has no line such as ARG NODE_IMAGE=public.ecr.aws/docker/library/node:24-alpine`);
  return Number(version);
}

/**
 * The Node.js of an image's version, so that what ships is tried on what it ships with; the one that runs this where
 * that version is not installed.
 */
export function imageNode(dockerfile: string): string {
  return orThis(imageNodeVersion(dockerfile));
}

/** The same for a Lambda runtime, such as `nodejs22.x`. */
export function runtimeNode(runtime: string): string {
  return orThis(Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1]));
}

function orThis(major: number): string {
  return nodeBinary(major) ?? process.execPath;
}
