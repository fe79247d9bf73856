import { measure, type Command, type Sample, type Usage } from './measure';

export interface Case {
  readonly id: string;
  readonly label: string;
  readonly command: Command;
  /** Done before each run, outside the measurement. */
  readonly before?: () => void;
}

export interface Result {
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly usage?: Usage;
}

/**
 * Runs every case once unrecorded, which fills the caches each of them has, then `rounds` times in turn,
 * so that whatever else the machine does is shared out among all.
 */
export async function runRounds<C extends Case>(
  cases: readonly C[],
  rounds: number,
  progress: (text: string) => void,
): Promise<Map<string, Result>> {
  const samples = new Map<string, Sample[]>(cases.map(({ id }) => [id, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { id, label, command, before } of cases) {
      before?.();
      const sample = await measure(command);
      if (round > 0) samples.get(id)!.push(sample);
      progress(`${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}  ${Math.round(sample.wallMs)} ms  ${label}`);
    }
  }
  return new Map([...samples].map(([id, all]) => [id, summary(all)]));
}

function summary(samples: readonly Sample[]): Result {
  const wall = samples.map(({ wallMs }) => wallMs);
  const usages = samples.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  const usage =
    usages.length === 0
      ? undefined
      : { cpuMs: median(usages.map(({ cpuMs }) => cpuMs)), peakMiB: median(usages.map(({ peakMiB }) => peakMiB)) };
  return { medianMs: median(wall), fastestMs: Math.min(...wall), usage };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
