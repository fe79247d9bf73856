import type { Rule } from './rule';

/** Names that Lambda sets itself. */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(REGION|EXECUTION_ENV|LAMBDA_.*|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|DEFAULT_REGION)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

export const lambdaLimits: Rule = {
  service: 'lambda',
  operations: ['CreateFunction', 'UpdateFunctionConfiguration'],
  what: 'a function with a timeout above 900 s, with environment variables above 4 KB, or with one that Lambda keeps for itself',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  check({ input }) {
    if (input.Timeout > 900)
      return {
        code: 'ValidationException',
        message: `1 validation error detected: Value '${input.Timeout}' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900`,
      };
    const variables: Record<string, string> = input.Environment?.Variables ?? {};
    const reserved = Object.keys(variables).filter((name) => RESERVED.test(name));
    const refused = (message: string) => ({ code: 'InvalidParameterValueException', message });
    if (reserved.length > 0)
      return refused(
        'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
          `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
      );
    if (Buffer.byteLength(JSON.stringify(variables)) > 4096)
      return refused(
        'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
          'exceeded the 4KB limit.',
      );
    return undefined;
  },
};
