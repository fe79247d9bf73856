import { unlessAssumable } from './service-role-trust';
import type { Rule } from './rule';

export const lambdaRole: Rule = {
  service: 'lambda',
  operations: ['CreateFunction', 'UpdateFunctionConfiguration'],
  what: 'a role that lambda.amazonaws.com may not assume',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  async check({ input }, aws) {
    const refused = await unlessAssumable(aws, input.Role, 'lambda.amazonaws.com', (role) => ({
      code: 'InvalidParameterValueException',
      message: `The role defined for the function cannot be assumed by Lambda. (${role})`,
    }));
    if (refused !== undefined) return refused;
    return undefined;
  },
};
