// The project's performance targets, as ratios of runs that were made side by side.
import type { Shape, Slope } from './growth';
import type { Result } from './rounds';
import type { SideBySideId } from './side-by-side';

export interface Target {
  readonly text: string;
  readonly limit: number;
  readonly measured: number;
  readonly unit: '' | ' ms';
}

export function targetsOf(
  results: ReadonlyMap<string, Result>,
  slopes: Readonly<Record<Shape, Slope>> | undefined,
): Target[] {
  const wall = (id: SideBySideId): number => results.get(id)!.medianMs;
  const ratio = (text: string, id: SideBySideId, base: SideBySideId, limit: number): Target => ({
    text,
    limit,
    measured: wall(id) / wall(base),
    unit: '',
  });
  return [
    ratio('own process, share of AWS CDK compiled', 'strata', 'aws-cdk', 0.5),
    ratio('own process, share of `npx cdk synth`', 'strata', 'aws-cdk-cli-validated', 0.05),
    ratio('the same, its validation left out', 'strata', 'aws-cdk-cli', 0.05),
    ratio("`npx cdktf synth`, share of the CLI's floor", 'strata-cli', 'cli-floor', 1.15),
    { text: 'from an edit to the synthesized stacks', limit: 1000, measured: wall('strata-edited'), unit: ' ms' },
    ...(slopes === undefined
      ? []
      : [
          {
            text: 'each further service in a layer',
            limit: 6,
            measured: slopes['one-layer'].msPerCopy,
            unit: ' ms',
          } as const,
          {
            text: 'each further service in its own layer',
            limit: 6,
            measured: slopes['separate-stacks'].msPerCopy,
            unit: ' ms',
          } as const,
          {
            text: "a service's cost at 100 to 300, share of that at 10 to 100",
            limit: 1.25,
            measured: slopes['one-layer'].bend,
            unit: '',
          } as const,
        ]),
  ];
}
