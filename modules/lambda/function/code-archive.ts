import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/**
 * Quotas of AWS Lambda: a zip uploaded with the request, and its files.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_ZIP_BYTES = 50 * 1024 * 1024;
const MAX_CODE_BYTES = 250 * 1024 * 1024;

// The earliest timestamp of the zip format. It is set in local time, so the bytes are the same in every time zone.
const EPOCH = new Date(1980, 0, 1);

/** Part of a cached zip's name; change it whenever the same files would produce different bytes. */
const FORMAT = 'fflate-0.8-level-6';

/** What this process has compressed, by fingerprint: an app may synthesize the same function many times. */
const compressed = new Map<string, Uint8Array>();

export interface CodeArchive {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 in base64, as Lambda reports it (`CodeSha256`). */
  readonly sha256: string;
}

interface CodeFile {
  /** Path in the zip, with slashes. */
  readonly name: string;
  readonly content: Buffer;
  /** Unix permissions. */
  readonly mode: number;
}

/** Files of a folder, in a fixed order. Links are followed. */
export function codeFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(directory, file)).isFile())
    .sort();
}

/**
 * Zips a folder into `code-archives` in `outdir`, the synth output folder, and caches the zip there for the next synth,
 * as compressing is the slowest part of a function. The same files produce the same bytes on every machine, so a plan
 * is empty if nothing changed: no times, no owners, a fixed order, and a bundled compressor instead of the machine's
 * zlib.
 * @throws Error when Lambda would reject the size
 */
export function codeArchive(directory: string, outdir: string): CodeArchive {
  const files = codeFiles(directory).map((name): CodeFile => {
    const path = join(directory, name);
    return { name, content: readFileSync(path), mode: (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755 };
  });
  const size = files.reduce((sum, { content }) => sum + content.length, 0);
  if (size > MAX_CODE_BYTES)
    throw new Error(
      `has ${mib(size)} MiB, but Lambda allows at most 250 MiB; leave files out, or use a ` + `container image`,
    );
  const key = fingerprint(files);
  const folder = resolve(outdir, 'code-archives', key);
  const path = join(folder, 'code.zip');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    // Written under a temporary name first: an interrupted synth must not leave a partial zip.
    const unfinished = `${path}.${process.pid}`;
    const bytes = compressed.get(key) ?? zipped(files);
    compressed.set(key, bytes);
    writeFileSync(unfinished, bytes);
    renameSync(unfinished, path);
  }
  const bytes = readFileSync(path);
  if (bytes.length > MAX_ZIP_BYTES)
    throw new Error(
      `is ${mib(bytes.length)} MiB as a zip, but an upload may have at most 50 MiB; put the zip in S3 and set ` +
        `codeS3Bucket and codeS3Key`,
    );
  return { path, sha256: createHash('sha256').update(bytes).digest('base64') };
}

function zipped(files: readonly CodeFile[]): Uint8Array {
  const entries: Zippable = {};
  for (const { name, content, mode } of files)
    entries[name] = [content, { mtime: EPOCH, os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 }];
  return zipSync(entries, { level: 6 });
}

function fingerprint(files: readonly CodeFile[]): string {
  const hash = createHash('sha256').update(FORMAT);
  for (const { name, content, mode } of files)
    hash.update(JSON.stringify([name, mode, content.length])).update(content);
  return hash.digest('hex').slice(0, 32);
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
