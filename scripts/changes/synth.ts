import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Layer } from './layers';

export const ENVIRONMENT = 'dev';

/** An environment of which one layer is synthesized. */
export interface SynthJob {
  /** Where the files go. */
  readonly outdir: string;
  readonly layer: Layer;
  /** The environment, as cdktf.json says it. */
  readonly environment: object;
}

/** What came of a job: the layer's folder, or why it was refused. */
export type Synthesized = { readonly folder: string } | { readonly refusal: string };

/** Synthesizes all jobs in one process. */
export function synthesize(jobs: readonly SynthJob[]): Synthesized[] {
  const input = jobs.map(({ outdir, layer, environment }) => ({
    outdir,
    layer,
    context: { project: 'shop', environment: ENVIRONMENT, environments: { [ENVIRONMENT]: environment } },
  }));
  const answers = JSON.parse(
    execFileSync(process.execPath, [path.join(__dirname, 'synthesize.mjs')], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 1e8,
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  ) as (string | null)[];
  return jobs.map(({ outdir, layer }, index) => {
    const refusal = answers[index];
    return refusal === null
      ? { folder: path.join(outdir, ENVIRONMENT, layer) }
      : { refusal: refusal ?? 'the process ended before it' };
  });
}
