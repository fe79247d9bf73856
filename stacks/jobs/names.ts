/** What names of the layer start with, behind the environment's prefix. */
export function jobsName(namePrefix: string | undefined, name?: string): string {
  return [namePrefix, 'jobs', name].filter((part) => part !== undefined).join('-');
}

/** Where uploads and results are in the bucket. */
export const PREFIXES = { uploads: 'uploads/', results: 'results/' } as const;

/** Roles of the database: one for whoever takes jobs in, one for whoever works on them. */
export const DATABASE_ROLES = { submitter: 'strata_submitter', worker: 'strata_worker' } as const;

export const DATABASE_NAME = 'jobs';
