// The jobs layer as `npm run jobs` adds it to an environment that leaves it out.

export const JOBS_LAYER = 'jobs';
/** The kind of work that ships as an example. */
export const EXAMPLE_KIND = 'sentiment';

/** What STRATA_ADD_LAYERS takes. A signed request would need an authorizer, which the emulator does not have. */
export function addedJobsLayer(kinds: readonly string[] = [EXAMPLE_KIND]): string {
  const layer = { api: { auth: 'none' }, kinds: Object.fromEntries(kinds.map((kind) => [kind, {}])) };
  return JSON.stringify({ [JOBS_LAYER]: layer });
}
