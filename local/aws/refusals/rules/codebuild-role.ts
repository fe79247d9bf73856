import { unlessAssumable } from './service-role-trust';
import type { Rule } from './rule';

export const codebuildRole: Rule = {
  service: 'codebuild',
  operations: ['CreateProject', 'UpdateProject'],
  what: 'a role that codebuild.amazonaws.com may not assume',
  source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html',
  async check({ input }, aws) {
    const refused = await unlessAssumable(aws, input.serviceRole, 'codebuild.amazonaws.com', (role) => ({
      code: 'InvalidInputException',
      message: `CodeBuild is not authorized to perform: sts:AssumeRole on service role ${role}. Please verify that: 1) The provided service role exists, 2) The role trusts codebuild.amazonaws.com`,
    }));
    if (refused !== undefined) return refused;
    return undefined;
  },
};
