import { checkFargateSize, FARGATE_SIZES } from '@strata/ecs/rules';

// Written out by hand, so that the table is not compared with itself.
const GIB_BY_CPU: Record<number, number[]> = {
  256: [0.5, 1, 2],
  512: [1, 2, 3, 4],
  1024: [2, 3, 4, 5, 6, 7, 8],
  2048: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  4096: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
  8192: [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
  16384: [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120],
  32768: [60, 120, 244],
};

test('the sizes are those of Fargate', () => {
  const expected = Object.entries(GIB_BY_CPU).map(([cpu, gib]) => [Number(cpu), gib.map((g) => g * 1024)]);
  expect([...FARGATE_SIZES]).toEqual(expected);
});

test.each(Object.entries(GIB_BY_CPU))(
  'cpu %s: of every whole GiB up to 256, exactly the valid ones are accepted',
  (cpu, gib) => {
    const all = [0.25, 0.5, ...Array.from({ length: 256 }, (_, i) => i + 1)];
    expect(all.filter((g) => checkFargateSize(Number(cpu), g * 1024) === undefined)).toEqual(gib);
  },
);

test('a message suggests only sizes that are valid', () => {
  for (const cpu of [0, 100, 256, 300, 512, 1000, 1024, 3000, 4096, 10000, 32768, 99999]) {
    for (const memory of [0, 512, 700, 1024, 2048, 3000, 5000, 30720, 61440, 65536, 249856, 999999]) {
      const problem = checkFargateSize(cpu, memory);
      if (problem === undefined) continue;
      const suggestions = [...problem.matchAll(/cpu (\d+) with memoryMiB (\d+)/g)].map(
        ([, c, m]) => [Number(c), Number(m)] as const,
      );
      expect(suggestions.length).toBeGreaterThan(0);
      for (const [c, m] of suggestions) expect(checkFargateSize(c, m)).toBeUndefined();
    }
  }
});

test.each([
  [
    1024,
    3000,
    'memoryMiB: 3000 is not valid with cpu 1024, which takes 2048 to 8192 MiB in steps of 1024; nearest valid sizes: cpu 1024 with memoryMiB 2048 or cpu 1024 with memoryMiB 3072',
  ],
  [
    256,
    4096,
    'memoryMiB: 4096 is not valid with cpu 256, which takes 512, 1024 or 2048 MiB; nearest valid sizes: cpu 256 with memoryMiB 2048 or cpu 512 with memoryMiB 4096',
  ],
  [
    4096,
    61440,
    'memoryMiB: 61440 is not valid with cpu 4096, which takes 8192 to 30720 MiB in steps of 1024; nearest valid sizes: cpu 4096 with memoryMiB 30720 or cpu 8192 with memoryMiB 61440',
  ],
  [
    32768,
    65536,
    'memoryMiB: 65536 is not valid with cpu 32768, which takes 61440, 122880 or 249856 MiB; nearest valid sizes: cpu 32768 with memoryMiB 61440 or cpu 32768 with memoryMiB 122880 or cpu 16384 with memoryMiB 65536',
  ],
  [
    300,
    1024,
    'cpu: 300 is not a Fargate size; use one of 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 CPU units; nearest valid sizes: cpu 256 with memoryMiB 1024 or cpu 512 with memoryMiB 1024',
  ],
  [
    300,
    4096,
    'cpu: 300 is not a Fargate size; use one of 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 CPU units; nearest valid sizes: cpu 512 with memoryMiB 4096',
  ],
  [
    1,
    99999,
    'cpu: 1 is not a Fargate size; use one of 256, 512, 1024, 2048, 4096, 8192, 16384, 32768 CPU units; nearest valid sizes: cpu 256 with memoryMiB 2048',
  ],
])('cpu %i with %i MiB', (cpu, memory, message) => {
  expect(checkFargateSize(cpu, memory)).toBe(message);
});
