/** Layers whose deploys are killed, in the order that they need each other. */
export const LAYERS = ['network', 'compute', 'ml'] as const;
export const BACKENDS = ['local', 's3'] as const;
/** When a deploy is killed: after this share of the layer's resources, in per cent. */
export const MOMENTS = [10, 30, 50, 70, 90] as const;

export type Layer = (typeof LAYERS)[number];
export type Backend = (typeof BACKENDS)[number];

/** What became of one killed deploy. */
export interface CaseResult {
  readonly backend: Backend;
  readonly layer: Layer;
  readonly moment: number;
  /** Calls that had made something when it was killed. */
  readonly calls: number;
  /** Resources in the state that the killed deploy left. */
  readonly saved: number;
  /** Resources that existed and were missing from it, which the recovery imported. */
  readonly imported: number;
  /** Whether it left a lock that had to be taken away. */
  readonly lock: boolean;
  /** Seconds that the recovery took, without the deploy. */
  readonly seconds: number;
  /** `recovered`, or what went wrong. */
  readonly outcome: string;
}

export interface KillTestResults {
  readonly date: string;
  readonly versions: { readonly terraform: string; readonly provider: string; readonly moto: string };
  readonly cases: readonly CaseResult[];
}
