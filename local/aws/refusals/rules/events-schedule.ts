import { isSchedule } from './schedule-expression';
import type { Rule } from './rule';

export const eventsSchedule: Rule = {
  service: 'events',
  operations: ['PutRule'],
  what: 'a schedule that is no rate and no cron expression of six fields with a question mark for one of the days',
  source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html',
  check({ input }) {
    const { ScheduleExpression: expression } = input;
    if (expression !== undefined && expression !== '' && !isSchedule(expression))
      return { code: 'ValidationException', message: 'Parameter ScheduleExpression is not valid.' };
    return undefined;
  },
};
