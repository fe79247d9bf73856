// Where the values of secret environment variables come from. Loads no construct.
import * as z from 'zod';

/** A secret of AWS Secrets Manager. */
export interface SecretsManagerSource {
  /** Full ARN, with the six random characters at its end. */
  readonly secretArn: string;
  /** Key of a secret that is a JSON object. @default the whole secret */
  readonly jsonKey?: string;
  /** @default AWSCURRENT */
  readonly versionStage?: string;
  /** @default none */
  readonly versionId?: string;
}

/** A parameter of SSM Parameter Store. */
export interface ParameterSource {
  readonly parameterArn: string;
}

/**
 * Where the value of a secret environment variable comes from. Text is one of: the ARN of a Secrets Manager secret,
 * also with `:json-key:version-stage:version-id`; the ARN of an SSM parameter; the name of an SSM parameter in the same
 * account and region. For a token, use an object, as a token does not show which of these it is.
 */
export type SecretSource = string | SecretsManagerSource | ParameterSource;

export type Secrets = Readonly<Record<string, SecretSource>>;

export const SECRET_ARN = /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$/;
export const PARAMETER_ARN = /^arn:[^:]+:ssm:[^:]+:\d{12}:parameter\/.+$/;
const PARAMETER_NAME = /^[A-Za-z0-9_./-]+$/;

const source = z.union([
  z
    .string()
    .refine(
      (text) => SECRET_ARN.test(text) || PARAMETER_ARN.test(text) || PARAMETER_NAME.test(text),
      'use the ARN of a Secrets Manager secret (optionally with :json-key:version-stage:version-id), the ARN of ' +
        'an SSM ' +
        'parameter, or the name of an SSM parameter',
    ),
  z.strictObject({
    secretArn: z.string().regex(SECRET_ARN, 'use the ARN of a Secrets Manager secret'),
    jsonKey: z.string().min(1).optional(),
    versionStage: z.string().min(1).optional(),
    versionId: z.string().min(1).optional(),
  }),
  z.strictObject({ parameterArn: z.string().regex(PARAMETER_ARN, 'use the ARN of an SSM parameter') }),
]);

/** The schema of `Secrets`. */
export function secretsSchema<K extends z.core.$ZodRecordKey>(name: K) {
  return z.record(name, source);
}

/** The service that stores a secret. */
export function secretService(secret: SecretSource): 'secretsmanager' | 'ssm' {
  if (typeof secret !== 'string') return 'secretArn' in secret ? 'secretsmanager' : 'ssm';
  return secret.split(':')[2] === 'secretsmanager' ? 'secretsmanager' : 'ssm';
}
