import * as z from 'zod';

/** Visibility ends 12 hours after a message was received, whatever extends it; one hour stays for the commit. */
const MAX_RUNTIME_SECONDS = 39_600;

const seconds = (fallback: number, min = 1) => z.coerce.number().int().min(min).default(fallback);

const settingsSchema = z
  .object({
    STRATA_KIND: z.string().min(1),
    STRATA_QUEUE_URL: z.url(),
    STRATA_BUCKET: z.string().min(1),
    /** Where events go; without it there are none. */
    STRATA_EVENT_BUS: z.string().min(1).optional(),
    STRATA_DATABASE_URL: z.url(),
    /** Whether to sign in with tokens of IAM in place of a password. */
    STRATA_DATABASE_IAM: z.enum(['true', 'false']).default('false'),
    /** What tells one version of the program from another: a result is only adopted from the same. */
    STRATA_IMAGE_DIGEST: z.string().default('unknown'),
    STRATA_VISIBILITY_SECONDS: seconds(120),
    STRATA_HEARTBEAT_SECONDS: z.coerce.number().positive().default(30),
    STRATA_MAX_RUNTIME_SECONDS: z.coerce.number().positive().max(MAX_RUNTIME_SECONDS).default(3600),
    STRATA_MAX_ATTEMPTS: seconds(4),
    /** From asking the program to end to killing it; below the task's stop timeout. */
    STRATA_GRACE_SECONDS: z.coerce.number().min(0).default(20),
    STRATA_RETRY_SECONDS: z.coerce.number().int().min(0).default(10),
    STRATA_RECEIVE_SECONDS: z.coerce.number().int().min(0).max(20).default(20),
    STRATA_LOAD_ROWS: z.enum(['true', 'false']).default('true'),
    /** Set by the agent of ECS. */
    ECS_AGENT_URI: z.url().optional(),
  })
  .superRefine((value, context) => {
    if (value.STRATA_HEARTBEAT_SECONDS > value.STRATA_VISIBILITY_SECONDS / 3)
      context.addIssue({
        code: 'custom',
        path: ['STRATA_HEARTBEAT_SECONDS'],
        message: `${value.STRATA_HEARTBEAT_SECONDS} is more than a third of STRATA_VISIBILITY_SECONDS (${value.STRATA_VISIBILITY_SECONDS}), so two missed heartbeats would lose the job; lower it`,
      });
  });

/** What a worker is told by its environment. */
export interface WorkerSettings {
  readonly kind: string;
  readonly queueUrl: string;
  readonly bucket: string;
  readonly eventBus: string | undefined;
  readonly databaseUrl: string;
  readonly databaseIam: boolean;
  readonly imageDigest: string;
  readonly visibilitySeconds: number;
  readonly heartbeatSeconds: number;
  readonly maxRuntimeSeconds: number;
  readonly maxAttempts: number;
  readonly graceSeconds: number;
  readonly retrySeconds: number;
  readonly receiveSeconds: number;
  readonly loadRows: boolean;
  readonly agentUri: string | undefined;
}

/** @throws Error with everything that is wrong, a line for each variable */
export function readSettings(environment: NodeJS.ProcessEnv): WorkerSettings {
  const parsed = settingsSchema.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(`the worker's environment is wrong:\n${lines.join('\n')}`);
  }
  const value = parsed.data;
  return {
    kind: value.STRATA_KIND,
    queueUrl: value.STRATA_QUEUE_URL,
    bucket: value.STRATA_BUCKET,
    eventBus: value.STRATA_EVENT_BUS,
    databaseUrl: value.STRATA_DATABASE_URL,
    databaseIam: value.STRATA_DATABASE_IAM === 'true',
    imageDigest: value.STRATA_IMAGE_DIGEST,
    visibilitySeconds: value.STRATA_VISIBILITY_SECONDS,
    heartbeatSeconds: value.STRATA_HEARTBEAT_SECONDS,
    maxRuntimeSeconds: value.STRATA_MAX_RUNTIME_SECONDS,
    maxAttempts: value.STRATA_MAX_ATTEMPTS,
    graceSeconds: value.STRATA_GRACE_SECONDS,
    retrySeconds: value.STRATA_RETRY_SECONDS,
    receiveSeconds: value.STRATA_RECEIVE_SECONDS,
    loadRows: value.STRATA_LOAD_ROWS === 'true',
    agentUri: value.ECS_AGENT_URI,
  };
}
