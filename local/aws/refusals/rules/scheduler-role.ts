import { unlessAssumable } from './service-role-trust';
import type { Rule } from './rule';

export const schedulerRole: Rule = {
  service: 'scheduler',
  operations: ['CreateSchedule', 'UpdateSchedule'],
  what: 'a role that scheduler.amazonaws.com may not assume',
  source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html',
  async check({ input }, aws) {
    const refused = await unlessAssumable(aws, input.Target?.RoleArn, 'scheduler.amazonaws.com', (role) => ({
      code: 'ValidationException',
      message: `The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (${role})`,
    }));
    if (refused !== undefined) return refused;
    return undefined;
  },
};
