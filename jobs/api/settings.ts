import * as z from 'zod';

const kind = z.strictObject({
  queueUrl: z.url(),
  /** Both absent where capacity is not a service of ECS. */
  clusterName: z.string().optional(),
  serviceName: z.string().optional(),
});

const settings = z.strictObject({
  kinds: z.record(z.string(), kind),
  bucket: z.string().min(1),
  databaseUrl: z.url(),
  databaseIam: z.boolean().default(true),
  eventBus: z.string().optional(),
  wakeQueueUrl: z.url().optional(),
  tenant: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('jwt'), claim: z.string().min(1) }),
    z.strictObject({ from: z.literal('iam'), roles: z.record(z.string(), z.string()) }),
    z.strictObject({ from: z.literal('none') }),
  ]),
  uploadMaxMib: z.number().positive().default(100),
  uploadExpirySeconds: z.number().int().min(1).max(3600).default(300),
  uploadContentTypes: z.array(z.string()).min(1).default(['text/csv']),
  longPollSeconds: z.number().min(0).max(25).default(20),
  queuedJobsPerTenant: z.number().int().min(1).default(100),
});

export type ApiSettings = z.infer<typeof settings>;
export type KindSettings = z.infer<typeof kind>;

/** Reads `STRATA_JOBS_API`, which is JSON. @throws Error with everything that is wrong */
export function readApiSettings(environment: NodeJS.ProcessEnv): ApiSettings {
  const parsed = settings.safeParse(JSON.parse(environment.STRATA_JOBS_API ?? '{}'));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`STRATA_JOBS_API is wrong:\n${lines.join('\n')}`);
}
