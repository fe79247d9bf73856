import { isResolved, type Problems } from '@strata/core';

/**
 * Set by Lambda itself.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** All variables together, names included. */
const MAX_BYTES = 4096;

export function checkEnvironment(problems: Problems, environment: Readonly<Record<string, string>>): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(environment)) {
    if (RESERVED.has(name)) problems.add(`environment.${name}: Lambda sets this variable itself; choose another name`);
    else if (!/^[A-Za-z][A-Za-z0-9_]+$/.test(name)) {
      problems.add(
        `environment: "${name}" is not the name of a variable; use 2 or more letters, digits and ` +
          'underscores, starting with a letter',
      );
    }
    bytes += Buffer.byteLength(name) + (isResolved(value) ? Buffer.byteLength(value) : 0);
  }
  problems.check(
    bytes <= MAX_BYTES,
    `environment: ${bytes} bytes are more than the ${MAX_BYTES} that Lambda allows; put long values in SSM or ` +
      `S3 and pass their names`,
  );
}
