// The schema of the function that deploys. Loads no construct; ranges are checked by `LambdaFunction`.
import { arn } from '@strata/core/config';
import * as z from 'zod';

const threshold = z.union([z.literal(false), z.number()]).optional();

/** What runs the deploy function. Its code, its timeout and its role belong to the layer. */
export const deployFunctionConfig = z.strictObject({
  architecture: z.enum(['arm64', 'x86_64']).optional().describe('Default: arm64, which costs a fifth less'),
  memoryMiB: z.number().int().optional().describe('128 to 10240. Default: 256'),
  reservedConcurrentExecutions: z
    .number()
    .int()
    .optional()
    .describe("Most invocations at the same time, reserved from the account's; 0 stops it. Default: none"),
  tracing: z.enum(['Active', 'PassThrough']).optional().describe('Active sends traces to X-Ray. Default: PassThrough'),
  logKmsKeyArn: arn
    .optional()
    .describe("KMS key of the log; its policy must let CloudWatch Logs use it. Default: AWS's"),
  onFailure: z
    .strictObject({
      sqsQueueArn: arn.optional(),
      snsTopicArn: arn.optional(),
      functionArn: arn.optional(),
      eventBusArn: arn.optional(),
    })
    .optional()
    .describe('Where a failed asynchronous invocation is sent with its error; one of the keys. Default: nowhere'),
  alarms: z
    .strictObject({
      maxErrors: threshold.describe('Failed invocations in 5 minutes; false for no alarm. Default: 0'),
      maxThrottles: threshold.describe('Throttled invocations in 5 minutes; false for no alarm. Default: 0'),
      durationHighPercent: threshold.describe('Share of the timeout; false for no alarm. Default: 90'),
      notifyOnRecovery: z.boolean().optional().describe('Default: true'),
    })
    .default({})
    .describe('Thresholds of the alarms, which are made where there is an alarmTopicArn'),
});
