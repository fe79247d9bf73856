import { unlessAssumable } from './service-role-trust';
import type { Rule } from './rule';

export const codedeployRole: Rule = {
  service: 'codedeploy',
  operations: ['CreateDeploymentGroup', 'UpdateDeploymentGroup'],
  what: 'a role that codedeploy.amazonaws.com may not assume',
  source: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html',
  async check({ input }, aws) {
    const refused = await unlessAssumable(aws, input.serviceRoleArn, 'codedeploy.amazonaws.com', (role) => ({
      code: 'InvalidRoleException',
      message: `AWS CodeDeploy does not have the permissions required to assume the role ${role}.`,
    }));
    if (refused !== undefined) return refused;
    return undefined;
  },
};
