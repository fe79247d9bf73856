import { isResolved, checkInteger, checkName, checkOneOf, type NameRule, type Problems } from '@strata/core';

/** `CreateSchedule` in the EventBridge Scheduler API reference; it becomes part of a construct id. */
const SCHEDULE_NAME: NameRule = {
  what: 'schedule name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};

/** A schedule that starts a run of a pipeline. */
export interface PipelineSchedule {
  /** Unique among those of the pipeline. The schedule is called `<pipelineName>-<name>`, cut to 64 characters. */
  readonly name: string;
  /** `cron(0 3 ? * SUN *)`, `rate(7 days)` or `at(2026-12-31T08:00:00)`. */
  readonly scheduleExpression: string;
  /** Name of the IANA time zone that the schedule is in. @default UTC */
  readonly timezone?: string;
  /** Values of the pipeline's parameters, by name. @default the pipeline's defaults */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Minutes within which the run may start, 1 to 1440. @default at the time itself */
  readonly flexibleWindowMinutes?: number;
  /** @default true */
  readonly enabled?: boolean;
}

/** Name of a schedule in the account's default group: pipelines may have schedules of one name. */
export function scheduleName(pipelineName: string, name: string): string {
  const start = isResolved(pipelineName)
    ? pipelineName.slice(0, Math.max(0, SCHEDULE_NAME.maxLength! - 1 - name.length))
    : pipelineName;
  return `${start}-${name}`.replace(/^-/, '');
}

export function checkSchedules(
  problems: Problems,
  schedules: readonly PipelineSchedule[],
  parameters: readonly string[] | undefined,
): void {
  schedules.forEach((schedule, i) => {
    const key = `schedules[${i}]`;
    const { name, scheduleExpression, timezone } = schedule;
    checkName(problems, `${key}.name`, name, SCHEDULE_NAME);
    problems.check(isResolved(name), `${key}.name: the name is known only to Terraform; use a literal string`);
    problems.check(
      schedules.findIndex((other) => other.name === name) === i,
      `${key}.name: "${name}" is used twice; give each schedule its own name`,
    );
    problems.check(
      !isResolved(scheduleExpression) || isSchedule(scheduleExpression),
      `${key}.scheduleExpression: "${scheduleExpression}" is not a schedule; write cron(0 3 ? * SUN *), ` +
        'rate(7 days) or at(2026-12-31T08:00:00)',
    );
    problems.check(
      !isResolved(timezone) || isTimezone(timezone),
      `${key}.timezone: "${timezone}" is not a time zone; use a name of the IANA database, such as "Asia/Seoul"`,
    );
    checkInteger(problems, `${key}.flexibleWindowMinutes`, schedule.flexibleWindowMinutes, {
      min: 1,
      max: 1440,
      unit: 'minutes',
    });
    if (parameters === undefined) return;
    for (const parameter of Object.keys(schedule.parameters ?? {}))
      checkOneOf(problems, `${key}.parameters`, parameter, parameters);
  });
}

function isSchedule(expression: string): boolean {
  return /^(cron\((\S+\s+){5}\S+\)|rate\([1-9]\d* (minutes?|hours?|days?)\)|at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\))$/.test(
    expression,
  );
}

function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
