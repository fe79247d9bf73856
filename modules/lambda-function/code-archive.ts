import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** Quotas of AWS Lambda: a zip uploaded with the request, and its files. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ZIP_BYTES = 50 * 1024 * 1024;
const MAX_CODE_BYTES = 250 * 1024 * 1024;

// The first time that a zip can hold. Its parts are the local time's, so the bytes are the same in every time zone.
const EPOCH = new Date(1980, 0, 1);

export interface CodeArchive {
  readonly bytes: Uint8Array;
  /** SHA-256 in base64, as Lambda names its code. */
  readonly sha256: string;
}

/** Files of a folder, by path with slashes, in a fixed order. */
export function codeFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => statSync(join(directory, file)).isFile())
    .sort();
}

/**
 * Zips a folder. The same files give the same bytes on every machine, so a plan is empty where nothing changed: no times, no owners, a fixed order, and a
 * compressor that is not the machine's zlib. Links are followed.
 * @throws Error when Lambda would refuse the size
 */
export function codeArchive(directory: string): CodeArchive {
  const entries: Zippable = {};
  let size = 0;
  for (const file of codeFiles(directory)) {
    const path = join(directory, file);
    const content = readFileSync(path);
    size += content.length;
    const mode = (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755;
    entries[file] = [content, { mtime: EPOCH, os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 }];
  }
  if (size > MAX_CODE_BYTES) throw new Error(`holds ${mib(size)} MiB, Lambda takes at most 250 MiB; leave files out, or use a container image`);
  const bytes = zipSync(entries, { level: 9 });
  if (bytes.length > MAX_ZIP_BYTES) throw new Error(`is ${mib(bytes.length)} MiB as a zip, an upload at most 50 MiB; put the zip in S3 and give codeS3Bucket and codeS3Key`);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('base64') };
}

/** Writes an archive below the folder that is synthesized to, where Terraform's copy of it is taken from. */
export function writeArchive(outdir: string, name: string, archive: CodeArchive): { readonly path: string; readonly hash: string } {
  const hash = Buffer.from(archive.sha256, 'base64').toString('hex').slice(0, 32);
  const folder = resolve(outdir, 'code-archives', hash);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.zip`);
  writeFileSync(path, archive.bytes);
  return { path, hash };
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
