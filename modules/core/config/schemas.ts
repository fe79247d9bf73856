// Schemas of values that many configurations have. Loads no construct.
import * as z from 'zod';
import { KMS_KEY_ARN } from '../validation/arn';
import { logRetentionProblem } from '../validation/log-retention-days';

/** An ARN; which service, region and partition it has to be of, `arnProblems` says by the name of its key. */
export const arn = z.string().regex(/^arn:/, 'use an ARN');

/** The ARN of a KMS key. */
export const kmsKeyArn = z.string().regex(KMS_KEY_ARN, 'use the ARN of a KMS key, not of an alias');

/** A retention period that CloudWatch Logs accepts, in days. */
export const logRetentionDays = z
  .number()
  .int()
  .superRefine((days, context) => {
    const problem = logRetentionProblem(days);
    if (problem !== undefined) context.addIssue({ code: 'custom', input: days, message: `it is ${problem}` });
  });
