import type { LibraryHandle } from 'koffi' with { 'resolution-mode': 'import' };
import { join } from 'node:path';
import type { Pixels } from './pixels';
import { StartError } from './start-error';

/** TurboJPEG's own numbers: https://github.com/libjpeg-turbo/libjpeg-turbo/blob/main/src/turbojpeg.h */
const TJPF_RGB = 0;
const TJCS_CMYK = 3;

type LibraryFunction = ReturnType<LibraryHandle['func']>;

const SOI = 0xffd8;
const EXIF_OR_XMP = 0xe1;
const PROFILE = 0xe2;
const START_OF_SCAN = 0xda;

/**
 * Decodes JPEGs with libjpeg-turbo directly, if its library is installed. It returns the same pixels as libvips, which
 * has the same decoder inside, in a fifth of the time: nothing is built around it, and no other thread is woken.
 * Debian's package is libturbojpeg0.
 */
export class JpegDecoder {
  readonly #handle: unknown;
  readonly #readHeader: LibraryFunction;
  readonly #decompress: LibraryFunction;

  private constructor(library: LibraryHandle) {
    this.#handle = (library.func('void *tjInitDecompress(void)') as () => unknown)();
    this.#readHeader = library.func(
      'int tjDecompressHeader3(void *handle, const void *jpeg, unsigned long size, _Out_ int *width, _Out_ ' +
        'int *height, _Out_ int *subsampling, _Out_ int *colorspace)',
    );
    this.#decompress = library.func(
      'int tjDecompress2(void *handle, const void *jpeg, unsigned long size, void *pixels, int width, int ' +
        'pitch, int height, int format, int flags)',
    );
    if (this.#handle === null) throw new Error('tjInitDecompress failed');
  }

  /**
   * Loads the library: from the path that is given, from beside the server, or from where the system keeps libraries.
   * @returns undefined where there is none, or `path` is `off`.
   * @throws StartError when the one at `path` cannot be loaded.
   */
  static async load(path?: string): Promise<JpegDecoder | undefined> {
    const name = process.platform === 'darwin' ? 'libturbojpeg.dylib' : 'libturbojpeg.so.0';
    const candidates = path === 'off' ? [] : path === undefined ? [join(__dirname, name), name] : [path];
    for (const candidate of candidates) {
      try {
        const { default: koffi } = await import('koffi');
        return new JpegDecoder(koffi.load(candidate));
      } catch (error) {
        if (path !== undefined)
          throw new StartError(`TURBOJPEG_LIBRARY=${path} cannot be loaded: ${(error as Error).message}`, {
            cause: error,
          });
      }
    }
    return undefined;
  }

  /**
   * The photo's pixels; undefined when it is one that only the other decoder treats in full, a damaged one among them.
   */
  decode(bytes: Uint8Array): Pixels | undefined {
    if (!isPlain(bytes)) return undefined;
    const [width, height, subsampling, colorspace] = [[0], [0], [0], [0]] as [[number], [number], [number], [number]];
    if (
      this.#readHeader(this.#handle, bytes, bytes.length, width, height, subsampling, colorspace) !== 0 ||
      colorspace[0] >= TJCS_CMYK
    )
      return undefined;
    const data = new Uint8Array(width[0] * height[0] * 3);
    const failed = this.#decompress(this.#handle, bytes, bytes.length, data, width[0], 0, height[0], TJPF_RGB, 0) !== 0;
    return failed ? undefined : { data, width: width[0], height: height[0] };
  }
}

/**
 * Whether a JPEG carries nothing that changes its pixels afterwards: no EXIF, which may turn it, and no colour profile.
 */
function isPlain(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4 || view.getUint16(0) !== SOI) return false;
  for (let at = 2; at + 4 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === EXIF_OR_XMP || marker === PROFILE) return false;
    if (marker === START_OF_SCAN) return true;
  }
  return false;
}
