import { cpus, loadavg, totalmem } from 'node:os';
import { targetsOf } from './targets';
import { countResources } from './count-resources';
import { COPIES, slopeOf, type GrowthCase, type Shape, type Slope } from './growth';
import type { Result } from './rounds';
import type { SideBySideCase } from './side-by-side';

export interface Measured {
  readonly rounds: number;
  readonly loadBefore: number;
  readonly sideBySide: { readonly cases: readonly SideBySideCase[]; readonly results: ReadonlyMap<string, Result> };
  readonly growth?: { readonly cases: readonly GrowthCase[]; readonly results: ReadonlyMap<string, Result> };
}

const SHAPES: Readonly<Record<Shape, string>> = { 'one-layer': 'in one layer', 'separate-stacks': 'a layer each' };

/** The results as Markdown. */
export function report(measured: Measured): string {
  const slopes =
    measured.growth === undefined
      ? undefined
      : {
          'one-layer': slopeIn(measured.growth, 'one-layer'),
          'separate-stacks': slopeIn(measured.growth, 'separate-stacks'),
        };
  return [
    machine(measured),
    '### Side by side',
    sideBySide(measured.sideBySide),
    ...(measured.growth === undefined || slopes === undefined
      ? []
      : ['### Growth', growth(measured.growth.results), slopeTable(slopes)]),
    '### Targets',
    targetTable(measured.sideBySide.results, slopes),
  ].join('\n\n');
}

function machine({ rounds, loadBefore }: Measured): string {
  const cores = cpus();
  const load = `load ${loadBefore.toFixed(1)} at the start, ${loadavg()[0]!.toFixed(1)} at the end`;
  return (
    `Made by \`npm run bench:synth -- --rounds ${rounds}\`: medians of ${rounds} rounds after one that is ` +
    'not counted. ' +
    `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} ` +
    `GiB, ${process.platform}, Node ${process.version}, ${load}.`
  );
}

function sideBySide({ cases, results }: Measured['sideBySide']): string {
  const base = results.get('strata')!.medianMs;
  const rows = cases.map(({ id, label, output }) => {
    const { medianMs, fastestMs, usage } = results.get(id)!;
    const { resources, dataSources } = countResources(output);
    return [
      label,
      seconds(medianMs),
      seconds(fastestMs),
      `${(medianMs / base).toFixed(1)} x`,
      seconds(usage?.cpuMs),
      mebibytes(usage?.peakMiB),
      `${resources} + ${dataSources}`,
    ];
  });
  return table(['', 'median', 'fastest', 'to Strata', 'processor', 'memory', 'resources + data sources'], rows);
}

function growth(results: ReadonlyMap<string, Result>): string {
  const shapes = Object.keys(SHAPES) as Shape[];
  const rows = COPIES.map((copies) => [
    `${copies}`,
    ...shapes.flatMap((shape) => {
      const { medianMs, usage } = results.get(`${shape}-${copies}`)!;
      return [seconds(medianMs), seconds(usage?.cpuMs), mebibytes(usage?.peakMiB)];
    }),
  ]);
  return table(['services', ...shapes.flatMap((shape) => [SHAPES[shape], 'processor', 'memory'])], rows);
}

function slopeIn({ cases, results }: NonNullable<Measured['growth']>, shape: Shape): Slope {
  return slopeOf(
    cases.filter((each) => each.shape === shape).map(({ id, copies }) => ({ copies, result: results.get(id)! })),
  );
}

function slopeTable(slopes: Readonly<Record<Shape, Slope>>): string {
  const rows = (Object.keys(SHAPES) as Shape[]).map((shape) => {
    const { msPerCopy, mibPerCopy, bend } = slopes[shape];
    return [
      SHAPES[shape],
      `${msPerCopy.toFixed(1)} ms`,
      mibPerCopy === undefined ? 'unknown' : `${mibPerCopy.toFixed(2)} MiB`,
      bend.toFixed(2),
    ];
  });
  return table(['each further service', 'time', 'memory', '100 to 300 against 10 to 100'], rows);
}

function targetTable(results: ReadonlyMap<string, Result>, slopes: Readonly<Record<Shape, Slope>> | undefined): string {
  const rows = targetsOf(results, slopes).map(({ text, limit, measured, unit }) => {
    const digits = unit === '' ? 2 : measured < 100 ? 1 : 0;
    return [text, `at most ${limit}${unit}`, `${measured.toFixed(digits)}${unit}`, measured <= limit ? 'yes' : 'no'];
  });
  return table(['', 'target', 'measured', 'met'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? 'unknown' : `${(ms / 1000).toFixed(2)} s`;
}

function mebibytes(mib: number | undefined): string {
  return mib === undefined ? 'unknown' : `${Math.round(mib)} MiB`;
}
