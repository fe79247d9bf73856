import * as z from 'zod';

const settings = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().positive(),
  database: z.string().min(1),
  secretArn: z.string().min(1),
  /** Of uploads and results. */
  bucket: z.string().min(1),
});

export type MigrateSettings = z.infer<typeof settings>;

/** Reads `STRATA_JOBS_MIGRATE`, which is JSON. @throws Error with everything that is wrong */
export function readMigrateSettings(environment: NodeJS.ProcessEnv): MigrateSettings {
  const parsed = settings.safeParse(JSON.parse(environment.STRATA_JOBS_MIGRATE ?? '{}'));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`STRATA_JOBS_MIGRATE is wrong:\n${lines.join('\n')}`);
}
