import type { OptionProblem } from '@strata/core/rules';

/** How a cluster records and encrypts ECS Exec sessions. */
export interface ExecuteCommandOptions {
  /** Log group for ECS Exec sessions. @default none: the log group of the task */
  readonly executeCommandLogGroupName?: string;
  /** ARN of the KMS key that encrypts ECS Exec sessions between client and container. @default none: TLS only */
  readonly executeCommandKmsKeyArn?: string;
  /** How sessions are recorded; NONE records nothing. @default OVERRIDE with a log group, otherwise DEFAULT */
  readonly executeCommandLogging?: 'DEFAULT' | 'NONE' | 'OVERRIDE';
}

/**
 * Problems between the options of ECS Exec. Loads no construct.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html
 */
export function executeCommandProblems(options: ExecuteCommandOptions): OptionProblem[] {
  const { executeCommandLogGroupName: logGroup, executeCommandLogging: logging } = options;
  const path = [logGroup === undefined ? 'executeCommandLogging' : 'executeCommandLogGroupName'];
  if (logging === 'OVERRIDE' && logGroup === undefined)
    return [{ path, message: '"OVERRIDE" needs a log group; set executeCommandLogGroupName' }];
  if (logGroup !== undefined && (logging ?? 'OVERRIDE') !== 'OVERRIDE')
    return [
      {
        path,
        message: `it is used only with the executeCommandLogging "OVERRIDE", not "${logging}"; leave one of them out`,
      },
    ];
  return [];
}
