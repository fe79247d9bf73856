import type { Environment } from './find-program';

/**
 * Lets Terraform and its provider, Go programs, collect garbage less often than by default: a plan of nothing takes
 * 4.7 instead of 6.3 s of CPU, and 360 instead of 320 MB (`GOGC`: https://pkg.go.dev/runtime). A value of the user's
 * own stays.
 */
export function rareCollections(current: Environment = process.env): { readonly GOGC: string } {
  return { GOGC: current.GOGC ?? '400' };
}
