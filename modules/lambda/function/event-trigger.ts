import { isResolved, type JsonValue, type Problems, checkInteger, checkName, terraformJson } from '@strata/core';
import { RULE_NAME, TRIGGER_NAME } from './names';

/** An EventBridge rule that invokes the function: on events, or on a schedule. */
export interface EventTrigger {
  /** Name of the rule in construct ids; unique in the function. */
  readonly name: string;
  /** @default `<functionName>-<name>` */
  readonly ruleName?: string;
  /** @default none */
  readonly description?: string;
  /** Events that match, such as `{ source: ['aws.sagemaker'] }`. This or `scheduleExpression`. */
  readonly eventPattern?: { readonly [key: string]: JsonValue };
  /** `rate(5 minutes)` or `cron(0 8 * * ? *)`, in UTC. This or `eventPattern`. */
  readonly scheduleExpression?: string;
  /** Input of the function instead of the event. @default the event */
  readonly input?: JsonValue;
  /** @default true */
  readonly enabled?: boolean;
  /** How often EventBridge retries if it cannot invoke the function, 0 to 185. @default 185, within a day */
  readonly maximumRetryAttempts?: number;
  /** Age in seconds at which EventBridge drops an event, 60 to 86400. @default 86400 */
  readonly maximumEventAgeSeconds?: number;
  /**
   * SQS queue for events that EventBridge dropped; its policy must let the rule send to it.
   * @default none: they are lost
   */
  readonly deadLetterQueueArn?: string;
}

export function checkTriggers(problems: Problems, functionName: string, triggers: readonly EventTrigger[]): void {
  triggers.forEach((trigger, i) => {
    const key = `eventTriggers[${i}]`;
    checkName(problems, `${key}.name`, trigger.name, TRIGGER_NAME);
    problems.check(isResolved(trigger.name), `${key}.name: the name is known only to Terraform; use a literal string`);
    problems.check(
      triggers.findIndex(({ name }) => name === trigger.name) === i,
      `${key}.name: "${trigger.name}" is used twice; give each trigger its own name`,
    );
    checkName(problems, `${key}.ruleName`, ruleName(functionName, trigger), RULE_NAME);
    const { eventPattern, scheduleExpression } = trigger;
    problems.check(
      (eventPattern === undefined) !== (scheduleExpression === undefined),
      `${key}: ${eventPattern === undefined ? 'neither' : 'both'} of eventPattern and scheduleExpression ` +
        `${eventPattern === undefined ? 'is' : 'are'} given; give one`,
    );
    problems.check(
      eventPattern === undefined || Object.keys(eventPattern).length > 0,
      `${key}.eventPattern: {} matches every event; name at least the source`,
    );
    problems.check(
      !isResolved(scheduleExpression) ||
        /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\((\S+\s+){5}\S+\))$/.test(
          scheduleExpression,
        ),
      `${key}.scheduleExpression: "${scheduleExpression}" is not a schedule; write rate(5 minutes) or cron(0 ` +
        '8 * * ? *)',
    );
    checkInteger(problems, `${key}.maximumRetryAttempts`, trigger.maximumRetryAttempts, { min: 0, max: 185 });
    checkInteger(problems, `${key}.maximumEventAgeSeconds`, trigger.maximumEventAgeSeconds, {
      min: 60,
      max: 86400,
      unit: 'seconds',
    });
    problems.check(
      !isResolved(trigger.deadLetterQueueArn) || /^arn:[a-z-]+:sqs:/.test(trigger.deadLetterQueueArn),
      `${key}.deadLetterQueueArn: "${trigger.deadLetterQueueArn}" is not the ARN of an SQS queue; write ` +
        'arn:aws:sqs:<region>:<account>:<name>',
    );
  });
}

export function ruleName(functionName: string, trigger: EventTrigger): string {
  return trigger.ruleName ?? `${functionName}-${trigger.name}`;
}

export function eventPatternOf(trigger: EventTrigger): string | undefined {
  return trigger.eventPattern === undefined ? undefined : terraformJson(trigger.eventPattern);
}
