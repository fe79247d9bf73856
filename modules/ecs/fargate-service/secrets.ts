import { AwsAccount, isResolved, type Problems } from '@strata/core';
import type { IamStatement } from '@strata/iam';
import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { PARAMETER_ARN, SECRET_ARN, type Secrets, type SecretSource } from './secret-options';

/** A token does not show which service stores the secret; `key` is the prop's name. */
export function checkSecrets(problems: Problems, key: string, secrets: Secrets | undefined): void {
  for (const [name, source] of Object.entries(secrets ?? {})) {
    problems.check(
      typeof source !== 'string' || isResolved(source),
      `${key}.${name}: a value known only to Terraform does not show which service stores it; write { secretArn } or ` +
        '{ parameterArn }',
    );
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
 * Permissions that ECS needs to read exactly these secrets.
 *
 * @param kmsKeyArns Customer managed keys that encrypt them; AWS managed keys need no permission.
 * @param scope Scope of the account and region that parameter names belong to.
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
