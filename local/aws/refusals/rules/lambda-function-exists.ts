import type { Rule } from './rule';

export const lambdaFunctionExists: Rule = {
  service: 'lambda',
  operations: ['CreateFunction'],
  what: 'creating a function whose name is taken',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
  async check({ input }, aws) {
    if ((await aws('lambda', 'GetFunction', { FunctionName: input.FunctionName })) !== undefined)
      return {
        code: 'ResourceConflictException',
        status: 409,
        message: `Function already exist: ${input.FunctionName}`,
      };
    return undefined;
  },
};
