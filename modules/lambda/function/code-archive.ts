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

// The first time that a zip can hold. Its parts are the local time's, so the bytes are the same in every time zone.
const EPOCH = new Date(1980, 0, 1);

/** Part of the name of a kept zip: another one whenever the same files would give other bytes. */
const FORMAT = 'fflate-0.8-level-6';

export interface CodeArchive {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 in base64, as Lambda names its code. */
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
 * Zips a folder into `code-archives` below `outdir`, the folder that is synthesized to, and keeps the zip there for the
 * next synth: compressing takes longer than all the rest of a function. The same files give the same bytes on every
 * machine, so a plan is empty where nothing changed: no times, no owners, a fixed order, and a compressor that is not
 * the machine's zlib.
 * @throws Error when Lambda would refuse the size
 */
export function codeArchive(directory: string, outdir: string): CodeArchive {
  const files = codeFiles(directory).map((name): CodeFile => {
    const path = join(directory, name);
    return { name, content: readFileSync(path), mode: (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755 };
  });
  const size = files.reduce((sum, { content }) => sum + content.length, 0);
  if (size > MAX_CODE_BYTES)
    throw new Error(`holds ${mib(size)} MiB, Lambda takes at most 250 MiB; leave files out, or use a container image`);
  const folder = resolve(outdir, 'code-archives', fingerprint(files));
  const path = join(folder, 'code.zip');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    // Under another name first: a synth that was cut off must not leave half a zip behind.
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, zipped(files));
    renameSync(unfinished, path);
  }
  const bytes = readFileSync(path);
  if (bytes.length > MAX_ZIP_BYTES)
    throw new Error(
      `is ${mib(bytes.length)} MiB as a zip, an upload at most 50 MiB; put the zip in S3 and give ` +
        'codeS3Bucket and codeS3Key',
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
