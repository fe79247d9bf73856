import { unlessAssumable } from './service-role-trust';
import type { Rule } from './rule';

export const sagemakerRole: Rule = {
  service: 'sagemaker',
  operations: [
    'CreateModel',
    'CreateDomain',
    'CreatePipeline',
    'UpdatePipeline',
    'CreateTrainingJob',
    'CreateProcessingJob',
  ],
  what: 'a role that sagemaker.amazonaws.com may not assume',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
  async check({ input }, aws) {
    const refused = await unlessAssumable(
      aws,
      input.ExecutionRoleArn ?? input.RoleArn ?? input.DefaultUserSettings?.ExecutionRole,
      'sagemaker.amazonaws.com',
      (role) => ({
        code: 'ValidationException',
        message: `Could not assume role ${role}. Please ensure that the role exists and allows principal sagemaker.amazonaws.com to assume the role.`,
      }),
    );
    if (refused !== undefined) return refused;
    return undefined;
  },
};
