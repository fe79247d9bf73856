// The schema of the API: who may hand in work, and how much. Loads no construct.
import { integer } from '@strata/core/rules';
import * as z from 'zod';

const tenantName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'use 1 to 64 letters, digits, dots, hyphens and underscores');

/** The schema of the API. */
export const apiConfig = z
  .strictObject({
    auth: z
      .enum(['iam', 'jwt', 'none'])
      .default('iam')
      .describe(
        'iam: callers sign their requests; jwt: they send a token of an issuer; none: anyone, only without ' +
          'deletionProtection',
      ),
    issuer: z
      .string()
      .regex(
        /^https:\/\/[^/?#\s]+(\/[^?#\s]*)?$/,
        'use the address of the issuer as the claim "iss" has it, with https',
      )
      .optional()
      .describe('Issuer of the tokens, with auth jwt'),
    audience: z.array(z.string().min(1)).default([]).describe('Audiences that a token may be made for, with auth jwt'),
    tenantClaim: z
      .string()
      .regex(/^[A-Za-z0-9_:/.-]+$/, 'use the name of a claim')
      .default('sub')
      .describe('Claim of the token that says which tenant a caller is, with auth jwt'),
    tenants: z
      .record(z.string(), tenantName)
      .default({})
      .describe('ARN of a role -> the tenant that it acts for, with auth iam; callers with other roles get 403'),
    corsOrigins: z
      .array(z.string().regex(/^https?:\/\/[^/?#\s*]+$/, 'use an origin such as "https://shop.example.com"'))
      .default([])
      .describe('Origins whose pages may upload files and call the API'),
    ratePerSecond: integer({ min: 1, max: 10_000, unit: 'requests per second' })
      .default(20)
      .describe('Requests per second over all callers; beyond it callers get 429'),
    burst: integer({ min: 1, max: 10_000, unit: 'requests' }).default(50).describe('Requests that may come together'),
    longPollSeconds: integer({ min: 0, max: 25, unit: 'seconds' })
      .default(20)
      .describe('Longest time that a question for a job waits for news; an HTTP API answers within 30 seconds'),
    concurrentPolls: integer({ min: 1, max: 1000, unit: 'questions' })
      .default(10)
      .describe(
        'Questions that may wait together, each with a connection to the database; others are answered at once',
      ),
    queuedJobsPerTenant: integer({ min: 1, max: 1_000_000, unit: 'jobs' })
      .default(1000)
      .describe('Jobs of a tenant that may wait; beyond it callers get 429'),
  })
  .superRefine((config, context) => {
    const wrong = (key: string, message: string, input?: unknown) =>
      context.addIssue({ code: 'custom', path: [key], message, input });
    if (config.auth === 'jwt') {
      if (config.issuer === undefined) wrong('issuer', 'auth jwt needs the issuer of the tokens; set it');
      if (config.audience.length === 0) wrong('audience', 'auth jwt needs whom a token is made for; add an audience');
      return;
    }
    if (config.issuer !== undefined)
      wrong('issuer', `it has no effect with auth ${config.auth}; leave it out`, config.issuer);
    if (config.audience.length > 0) wrong('audience', `it has no effect with auth ${config.auth}; leave it out`);
    if (config.auth === 'none' && Object.keys(config.tenants).length > 0)
      wrong('tenants', 'it has no effect with auth none, where all callers are one tenant; leave it out');
    for (const role of Object.keys(config.tenants)) {
      if (!/^arn:[a-z-]+:iam::\d{12}:role\/.+$/.test(role))
        wrong('tenants', `"${role}" is not the ARN of a role; write arn:aws:iam::<account>:role/<name>`);
    }
  });

export type ApiConfig = z.output<typeof apiConfig>;
