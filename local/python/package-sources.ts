/** Where pip is to look for packages, as arguments of `pip install`. */
export interface PackageSource {
  readonly description: string;
  readonly args: readonly string[];
  /**
   * torch's build for CPUs has a version of its own there (`+cpu`); the plain version is the CUDA build on Linux, some
   * gigabytes.
   */
  readonly torch: string;
}

/** The version the tests run with. SageMaker's images bring their own; the export needs 2.6 or newer. */
export const TORCH_VERSION = '2.13.0';

/** https://pytorch.org/get-started/locally/ */
const TORCH_CPU_INDEX = 'https://download.pytorch.org/whl/cpu';

/**
 * What to try, in order. Indexes on this machine (`file:` or a folder, in pip's own configuration) come first: they
 * were configured because the public one is slow or unreachable, and pip itself would still ask the public one first
 * and wait for it.
 *
 * @param configuration the output of `pip config list`
 */
export function packageSources(configuration: string, platform: NodeJS.Platform = process.platform): PackageSource[] {
  const settings = readPipConfiguration(configuration);
  const indexes = [...(settings.get('index-url') ?? []), ...(settings.get('extra-index-url') ?? [])];
  const local = indexes.filter(isLocal);
  const cpu = platform === 'linux' ? `torch==${TORCH_VERSION}+cpu` : `torch==${TORCH_VERSION}`;
  const sources: PackageSource[] = [];
  const [first, ...others] = local;
  if (first !== undefined) {
    sources.push({
      description: 'the package indexes on this machine',
      args: ['-i', first, ...others.flatMap((index) => ['--extra-index-url', index])],
      torch: cpu,
    });
  }
  const mirror = (settings.get('index-url') ?? []).filter((index) => !isLocal(index));
  if (mirror.length > 0) {
    sources.push({ description: mirror.join(', '), args: ['--retries', '2'], torch: cpu });
    if (platform === 'linux')
      sources.push({ description: mirror.join(', '), args: ['--retries', '2'], torch: `torch==${TORCH_VERSION}` });
  } else {
    const torchIndex = platform === 'linux' ? ['--extra-index-url', TORCH_CPU_INDEX] : [];
    sources.push({ description: 'the Python Package Index', args: ['--retries', '2', ...torchIndex], torch: cpu });
  }
  return sources;
}

/**
 * Lines such as `global.index-url='https://…'` or `:env:.find-links='/wheels'`; the same key may be set on several
 * levels.
 */
function readPipConfiguration(text: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const match = /^(?::env:|[\w-]+)\.([\w-]+)=(['"])(.*)\2\s*$/.exec(line.trim());
    if (match?.[1] === undefined || match[3] === undefined) continue;
    const values = match[3].split(/\\n|\s+/).filter((value) => value !== '');
    settings.set(match[1], [...new Set([...(settings.get(match[1]) ?? []), ...values])]);
  }
  return settings;
}

function isLocal(index: string): boolean {
  return index.startsWith('file:') || !/^[a-z][a-z0-9+.-]*:\/\//i.test(index);
}
