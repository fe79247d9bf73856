import { usableCores } from '../../../sagemaker/endpoint/cores';

/** A file system that has these files and no others. */
const files =
  (contents: Record<string, string>) =>
  (file: string): string => {
    if (contents[file] === undefined) throw new Error(`ENOENT ${file}`);
    return contents[file];
  };

test.each<[string, Record<string, string>, number]>([
  ['no quota anywhere', {}, 8],
  ['version 2 without a quota', { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
  ['version 2: two processors', { '/sys/fs/cgroup/cpu.max': '200000 100000\n' }, 2],
  ['version 2: one and a half', { '/sys/fs/cgroup/cpu.max': '150000 100000\n' }, 2],
  ['version 2: a quarter', { '/sys/fs/cgroup/cpu.max': '25000 100000\n' }, 1],
  ['version 2: more than there are', { '/sys/fs/cgroup/cpu.max': '1600000 100000\n' }, 8],
  [
    'version 1 without a quota',
    { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    8,
  ],
  [
    'version 1: four',
    { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    4,
  ],
  ['something else', { '/sys/fs/cgroup/cpu.max': 'nonsense' }, 8],
])('%s', (_what, contents, cores) => {
  expect(usableCores(files(contents), 8)).toBe(cores);
});

test('on this machine', () => {
  expect(usableCores()).toBeGreaterThanOrEqual(1);
});
