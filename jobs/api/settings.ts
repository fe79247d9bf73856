import * as z from 'zod';

const kind = z.strictObject({
  queueUrl: z.url(),
  /** Both absent where capacity is not a service of ECS. */
  clusterName: z.string().optional(),
  serviceName: z.string().optional(),
});

// The layer gives every setting: its configuration has their defaults and bounds.
const settings = z.strictObject({
  kinds: z.record(z.string(), kind),
  bucket: z.string().min(1),
  databaseUrl: z.url(),
  databaseIam: z.boolean(),
  eventBus: z.string().optional(),
  wakeQueueUrl: z.url().optional(),
  tenant: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('jwt'), claim: z.string().min(1) }),
    z.strictObject({
      from: z.literal('iam'),
      roles: z.record(z.string(), z.string()),
      /** ARNs of roles that call for people of a page. */
      webCallers: z.array(z.string()).default([]),
    }),
    z.strictObject({ from: z.literal('none') }),
  ]),
  uploadMaxMib: z.number().positive(),
  uploadExpirySeconds: z.number().int().positive(),
  uploadContentTypes: z.array(z.string()).min(1),
  longPollSeconds: z.number().min(0),
  queuedJobsPerTenant: z.number().int().positive(),
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
