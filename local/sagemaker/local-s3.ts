import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where S3 URIs lead on this machine: `s3://bucket/key` is `<root>/bucket/key`; a `file://` URI and a path are
 * themselves.
 */
export class LocalS3 {
  constructor(
    private readonly root: string,
    /** What a relative path starts from. @default the current folder */
    private readonly base: string = process.cwd(),
  ) {}

  /**
   * @returns the path of an object or prefix, whether it exists or not
   * @throws Error when the text is no URI that can be kept here
   */
  path(uri: string): string {
    if (uri === '') throw new Error('the S3 URI is empty; give s3://bucket/key or a path');
    if (uri.startsWith('file://')) return fileURLToPath(uri);
    const s3 = /^s3:\/\/([^/]*)\/?(.*)$/.exec(uri);
    if (s3 !== null) {
      const [, bucket = '', key = ''] = s3;
      if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
        throw new Error(
          `"${uri}" names no bucket; a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens`,
        );
      const path = resolve(this.root, bucket, ...key.split('/').filter((part) => part !== ''));
      const top = join(this.root, bucket);
      if (path !== top && !path.startsWith(top + sep))
        throw new Error(`"${uri}" leads out of its bucket; its key has ".." in it`);
      return path;
    }
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(uri)) throw new Error(`"${uri}" is neither s3://, file:// nor a path`);
    return isAbsolute(uri) ? uri : resolve(this.base, uri);
  }

  exists(uri: string): boolean {
    return existsSync(this.path(uri));
  }
}
