import { AwsAccount, isResolved, type Problems } from '@strata/core';
import type { IamStatement } from '@strata/iam';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';

/** A secret of AWS Secrets Manager. */
export interface SecretsManagerSource {
  /** Full ARN, with the six random characters at its end. */
  readonly secretArn: string;
  /** Key to take out of a secret that is a JSON object. @default the whole secret */
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
 * Where the value of a secret environment variable comes from. Text is one of:
 * the ARN of a Secrets Manager secret, also with `:json-key:version-stage:version-id`; the ARN of an SSM parameter;
 * the name of an SSM parameter in the same account and region.
 * A token does not say which of these it is: use an object for it.
 */
export type SecretSource = string | SecretsManagerSource | ParameterSource;

export type Secrets = Readonly<Record<string, SecretSource>>;

const SECRET_ARN = /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$/;
const PARAMETER_ARN = /^arn:[^:]+:ssm:[^:]+:\d{12}:parameter\/.+$/;
const PARAMETER_NAME = /^[A-Za-z0-9_./-]+$/;

/** Checks secrets that a user wrote; `key` names the prop. */
export function checkSecrets(problems: Problems, key: string, secrets: Secrets | undefined): void {
  for (const [name, source] of Object.entries(secrets ?? {})) {
    if (typeof source !== 'string') continue;
    if (!isResolved(source)) {
      problems.add(
        `${key}.${name}: a value known only to Terraform does not say which service holds it; write { ` +
          'secretArn } or { parameterArn }',
      );
    } else if (!SECRET_ARN.test(source) && !PARAMETER_ARN.test(source) && !PARAMETER_NAME.test(source)) {
      problems.add(
        `${key}.${name}: "${source}" is not a secret; use the ARN of a Secrets Manager secret (with ` +
          ':json-key:version-stage:version-id or not), ' +
          'the ARN of an SSM parameter, or the name of an SSM parameter',
      );
    }
  }
}

/** `valueFrom` of a container definition's secret. */
export function secretValueFrom(source: SecretSource): string {
  if (typeof source === 'string') return source;
  if ('parameterArn' in source) return source.parameterArn;
  const { secretArn, jsonKey, versionStage, versionId } = source;
  return [jsonKey, versionStage, versionId].every((part) => part === undefined)
    ? secretArn
    : [secretArn, jsonKey ?? '', versionStage ?? '', versionId ?? ''].join(':');
}

/**
 * What ECS needs to read exactly these secrets.
 *
 * @param kmsKeyArns Customer managed keys that they are encrypted with; AWS's own keys need no permission.
 * @param scope Where to find the account that parameter names belong to.
 */
export function secretStatements(
  scope: Construct,
  secrets: readonly SecretSource[],
  kmsKeyArns: readonly string[],
): IamStatement[] {
  const secretArns = new Set<string>();
  const parameterArns = new Set<string>();
  for (const source of secrets) {
    if (typeof source !== 'string') {
      if ('parameterArn' in source) parameterArns.add(source.parameterArn);
      else secretArns.add(source.secretArn);
    } else if (SECRET_ARN.test(source)) secretArns.add(source.split(':').slice(0, 7).join(':'));
    else if (PARAMETER_ARN.test(source)) parameterArns.add(source);
    else {
      const { partition, region, accountId } = AwsAccount.of(scope);
      parameterArns.add(`arn:${partition}:ssm:${region}:${accountId}:parameter/${source.replace(/^\//, '')}`);
    }
  }
  const statements: IamStatement[] = [];
  if (secretArns.size > 0)
    statements.push({ sid: 'ReadSecrets', actions: ['secretsmanager:GetSecretValue'], resources: [...secretArns] });
  if (parameterArns.size > 0)
    statements.push({ sid: 'ReadParameters', actions: ['ssm:GetParameters'], resources: [...parameterArns] });
  if (kmsKeyArns.length > 0 || Token.isUnresolved(kmsKeyArns)) {
    statements.push({ sid: 'DecryptSecrets', actions: ['kms:Decrypt'], resources: kmsKeyArns });
  }
  return statements;
}
