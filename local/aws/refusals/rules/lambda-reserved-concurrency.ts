import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const lambdaReservedConcurrency: Rule = {
  service: 'lambda',
  operations: ['PutFunctionConcurrency'],
  what: 'reserving so much concurrency that fewer than 100 of the 1,000 of an account are left',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  async check({ input }, aws) {
    const functions: Reading[] = (await aws('lambda', 'ListFunctions'))?.Functions ?? [];
    let reserved = Number(input.ReservedConcurrentExecutions);
    for (const { FunctionName } of functions.filter((other) => other.FunctionName !== input.FunctionName)) {
      const held = await aws('lambda', 'GetFunctionConcurrency', { FunctionName });
      reserved += Number(held?.ReservedConcurrentExecutions ?? 0);
    }
    if (reserved > 900)
      return {
        code: 'InvalidParameterValueException',
        message:
          "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below " +
          'its minimum value of [100].',
      };
    return undefined;
  },
};
