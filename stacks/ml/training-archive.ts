import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'fflate';

/** A file of the training code. */
export interface SourceFile {
  /** Path with slashes, below the folder. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What Python and editors leave beside sources. */
const LEFT_OUT = /(^|\/)(__pycache__|\.[^/]*|[^/]+\.egg-info|node_modules|venv)(\/|$)|\.py[co]$/;

/** The files of a folder in a fixed order, without what tools leave there. */
export function sourceFiles(directory: string): SourceFile[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !LEFT_OUT.test(path) && statSync(join(directory, path)).isFile())
    .sort()
    .map((path) => ({ path, content: readFileSync(join(directory, path)) }));
}

const BLOCK = 512;
const LONGEST_PATH = 100;

/**
 * The files as a `.tar.gz`, such as SageMaker's training toolkit unpacks. The same files give the same bytes on every
 * machine: no times, no owners, a compressor that is not the machine's. Written here rather than by tar-stream, which
 * gives its archive later, as a stream, where a construct needs it now, and which writes numbers in another form: every
 * archive that is deployed would change.
 * @throws Error for a path that is longer than the format's field
 */
export function tarGz(files: readonly SourceFile[]): Uint8Array {
  const blocks = files.flatMap(({ path, content }) => {
    const rest = content.length % BLOCK;
    return [header(path, content.length), content, new Uint8Array(rest === 0 ? 0 : BLOCK - rest)];
  });
  // Two empty blocks end an archive.
  return gzipSync(Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]), { level: 9, mtime: 0 });
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06, the ustar format. */
function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new Error(
      `"${path}" has ${Buffer.byteLength(path)} bytes, a path in the archive at most ${LONGEST_PATH}; shorten it`,
    );
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  block.write(path, 0, 'utf8');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write('0', 156, 'latin1');
  block.write('ustar\0' + '00', 257, 'latin1');
  // The sum of the header's bytes, its own field counted as spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
