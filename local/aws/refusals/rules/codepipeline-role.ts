import { unlessAssumable } from './service-role-trust';
import type { Rule } from './rule';

export const codepipelineRole: Rule = {
  service: 'codepipeline',
  operations: ['CreatePipeline', 'UpdatePipeline'],
  what: 'a role that codepipeline.amazonaws.com may not assume',
  source: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html',
  async check({ input }, aws) {
    const refused = await unlessAssumable(aws, input.pipeline?.roleArn, 'codepipeline.amazonaws.com', (role) => ({
      code: 'InvalidStructureException',
      message: `CodePipeline is not authorized to perform AssumeRole on role ${role}`,
    }));
    if (refused !== undefined) return refused;
    return undefined;
  },
};
