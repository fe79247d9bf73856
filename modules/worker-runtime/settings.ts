import * as z from 'zod';
import { heartbeatProblem, jobLimits } from './job-limits';

/** A limit as the environment has it, with the default and the rule of the limit. */
function numberOf<Limit extends z.ZodDefault<z.ZodNumber>>(limit: Limit) {
  return z.coerce.number().pipe(limit.unwrap()).default(limit.parse(undefined));
}

const limits = jobLimits.shape;

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
    STRATA_VISIBILITY_SECONDS: numberOf(limits.visibilitySeconds),
    STRATA_HEARTBEAT_SECONDS: numberOf(limits.heartbeatSeconds),
    STRATA_MAX_RUNTIME_SECONDS: numberOf(limits.maxRuntimeSeconds),
    STRATA_MAX_ATTEMPTS: numberOf(limits.maxAttempts),
    /** From asking the program to end to killing it; below the task's stop timeout. */
    STRATA_GRACE_SECONDS: z.coerce.number().min(0).default(20),
    STRATA_RETRY_SECONDS: z.coerce.number().int().min(0).default(10),
    STRATA_RECEIVE_SECONDS: z.coerce.number().int().min(0).max(20).default(20),
    STRATA_LOAD_ROWS: z.enum(['true', 'false']).default('true'),
    /** Set by the agent of ECS. */
    ECS_AGENT_URI: z.url().optional(),
  })
  .superRefine((value, context) => {
    const heartbeatSeconds = value.STRATA_HEARTBEAT_SECONDS;
    const problem = heartbeatProblem({ heartbeatSeconds, visibilitySeconds: value.STRATA_VISIBILITY_SECONDS });
    if (problem !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['STRATA_HEARTBEAT_SECONDS'],
        message: `${heartbeatSeconds} is not allowed; ${problem}`,
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
