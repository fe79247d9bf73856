// How synth grows with the number of services: all in one compute layer, and each in its own compute layer.
import { join } from 'node:path';
import { outputFolder, root, sources } from './paths';
import type { Case, Result } from './rounds';

export const COPIES = [1, 10, 100, 300] as const;
export type Shape = 'one-layer' | 'separate-stacks';

export interface GrowthCase extends Case {
  readonly shape: Shape;
  readonly copies: number;
}

export function growthCases(): GrowthCase[] {
  return COPIES.flatMap((copies) => [
    growthCase('one-layer', copies, 'scripts/synth.mjs', {
      CDKTF_CONTEXT_JSON: JSON.stringify(contextWith(copies)),
      STRATA_LAYERS: 'compute',
    }),
    growthCase('separate-stacks', copies, join(sources, 'separate-stacks.mjs'), { BENCH_COPIES: String(copies) }),
  ]);
}

function growthCase(shape: Shape, copies: number, script: string, env: Record<string, string>): GrowthCase {
  const id = `${shape}-${copies}`;
  const command = {
    program: process.execPath,
    args: [script],
    cwd: root,
    env: { ...env, CDKTF_OUTDIR: outputFolder(id) },
  };
  return { id, label: `${copies} services, ${shape}`, shape, copies, command };
}

/**
 * The context of cdktf.json with `copies` services, each internal and behind a load balancer, in place of app-web and
 * app-was.
 */
function contextWith(copies: number): object {
  const services = Object.fromEntries(Array.from({ length: copies }, (_, index) => [`service-${index + 1}`, {}]));
  const compute = { services: { 'app-web': false, 'app-was': false, ...services } };
  return { project: 'bench', environment: 'dev', environments: { dev: { layers: { compute } } } };
}

export interface Slope {
  readonly msPerCopy: number;
  readonly mibPerCopy?: number;
  /** Cost of a copy between the last two sizes, as a share of that between the two before: 1 is a straight line. */
  readonly bend: number;
}

/** What one more service costs, over all sizes by least squares. */
export function slopeOf(results: readonly { readonly copies: number; readonly result: Result }[]): Slope {
  const wall = results.map(({ copies, result }): Point => [copies, result.medianMs]);
  const peaks = results.flatMap(({ copies, result }): Point[] =>
    result.usage === undefined ? [] : [[copies, result.usage.peakMiB]],
  );
  const [before, middle, last] = wall.slice(-3) as [Point, Point, Point];
  return {
    msPerCopy: leastSquares(wall),
    mibPerCopy: peaks.length < wall.length ? undefined : leastSquares(peaks),
    bend: secant(middle, last) / secant(before, middle),
  };
}

type Point = readonly [number, number];

function secant([x1, y1]: Point, [x2, y2]: Point): number {
  return (y2 - y1) / (x2 - x1);
}

function leastSquares(points: readonly Point[]): number {
  const meanX = points.reduce((total, [x]) => total + x, 0) / points.length;
  const meanY = points.reduce((total, [, y]) => total + y, 0) / points.length;
  const covariance = points.reduce((total, [x, y]) => total + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((total, [x]) => total + (x - meanX) ** 2, 0);
}
