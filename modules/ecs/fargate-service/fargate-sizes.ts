/**
 * The CPU and memory combinations of Fargate, from "Task CPU and memory" in the Amazon ECS developer guide.
 * 8192 and 16384 need platform version 1.4.0 or later; 32768 exists since June 2026, in three sizes only.
 */

const GIB = 1024;

function steps(fromGiB: number, toGiB: number, stepGiB: number): readonly number[] {
  return Array.from({ length: (toGiB - fromGiB) / stepGiB + 1 }, (_, i) => (fromGiB + i * stepGiB) * GIB);
}

/** Memory sizes in MiB, ascending, by CPU units (1024 are one vCPU). */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1 * GIB, 2 * GIB]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
  [32768, [60 * GIB, 120 * GIB, 244 * GIB]],
]);

const CPUS = [...FARGATE_SIZES.keys()];

/**
 * Checks a Fargate size; `undefined` if it is valid. The message has the wrong value and the nearest sizes: of the
 * memory for this CPU, and of the CPU for this memory.
 *
 * @param cpu CPU units; 1024 are one vCPU.
 * @param memoryMiB Memory in MiB.
 */
export function checkFargateSize(cpu: number, memoryMiB: number): string | undefined {
  const memories = FARGATE_SIZES.get(cpu);
  if (memories === undefined) {
    const nearest = nearestCpus(cpu, memoryMiB).map((c) => show(c, nearestOf(FARGATE_SIZES.get(c)!, memoryMiB)));
    return (
      `cpu: ${cpu} is not a Fargate size; use one of ${CPUS.join(', ')} CPU units; nearest valid sizes: ` +
      `${nearest.join(' or ')}`
    );
  }
  if (memories.includes(memoryMiB)) return undefined;

  const suggestions = around(memories, memoryMiB).map((m) => show(cpu, m));
  const otherCpu = nearestOf(
    CPUS.filter((c) => FARGATE_SIZES.get(c)!.includes(memoryMiB)),
    cpu,
  );
  if (otherCpu !== undefined) suggestions.push(show(otherCpu, memoryMiB));
  return (
    `memoryMiB: ${memoryMiB} is not valid with cpu ${cpu}, which takes ${range(memories)}; nearest valid ` +
    `sizes: ${suggestions.join(' or ')}`
  );
}

/** The CPU sizes below and above a wrong one; only those that allow the memory, if any does. */
function nearestCpus(cpu: number, memoryMiB: number): readonly number[] {
  const neighbours = around(CPUS, cpu);
  const fitting = neighbours.filter((c) => FARGATE_SIZES.get(c)!.includes(memoryMiB));
  return fitting.length > 0 ? fitting : neighbours;
}

/** The members just below and just above a value; only one if the value is out of range. */
function around(ascending: readonly number[], value: number): readonly number[] {
  const below = ascending.findLast((v) => v < value);
  const above = ascending.find((v) => v > value);
  return [below, above].filter((v) => v !== undefined);
}

/** The member closest to a value; the larger one on a tie. */
function nearestOf(ascending: readonly number[], value: number): number | undefined {
  return ascending.reduce<number | undefined>(
    (best, v) => (best === undefined || Math.abs(v - value) <= Math.abs(best - value) ? v : best),
    undefined,
  );
}

function range(memories: readonly number[]): string {
  const [first, second] = memories;
  const last = memories.at(-1);
  const step = second! - first!;
  const even = memories.every((m, i) => m === first! + i * step);
  return even ? `${first} to ${last} MiB in steps of ${step}` : `${memories.slice(0, -1).join(', ')} or ${last} MiB`;
}

function show(cpu: number, memoryMiB: number | undefined): string {
  return `cpu ${cpu} with memoryMiB ${memoryMiB}`;
}
