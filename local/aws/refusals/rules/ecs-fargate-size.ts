import type { Rule } from './rule';

/** Memory in MiB by CPU units: least, most and step. */
const SIZES: Readonly<Record<number, readonly [number, number, number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};
const LISTED: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  32768: [61440, 122880, 249856],
};

/** Units of a number, or of a text such as `1 vCPU` or `2 GB`. */
function units(value: unknown): number {
  const text = String(value ?? '');
  return /[a-z]/i.test(text) ? parseFloat(text) * 1024 : Number(text);
}

export const ecsFargateSize: Rule = {
  service: 'ecs',
  operations: ['RegisterTaskDefinition'],
  what: 'a task definition for Fargate without awsvpc, or with CPU and memory that Fargate does not have together',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html',
  check({ input }) {
    if (!(input.requiresCompatibilities ?? []).includes('FARGATE')) return undefined;
    if (input.networkMode !== 'awsvpc')
      return { code: 'ClientException', message: 'Fargate only supports network mode ‘awsvpc’.' };
    const [cpu, memory] = [units(input.cpu), units(input.memory)];
    const [least, most, step] = SIZES[cpu] ?? [0, -1, 1];
    const sold = LISTED[cpu]?.includes(memory) ?? (memory >= least && memory <= most && (memory - least) % step === 0);
    if (!sold)
      return {
        code: 'ClientException',
        message: `No Fargate configuration exists for given values: ${input.cpu ?? 'no'} CPU, ${input.memory ?? 'no'} memory.`,
      };
    return undefined;
  },
};
