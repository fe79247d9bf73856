// Secrets that a build reads.
import type { IamStatement } from '@strata/iam';
import { type AwsAccount, isResolved, type Problems } from '@strata/core';

/** A full ARN: IAM matches a secret by its ARN with the 6 characters that Secrets Manager appends. */
const SECRET_ARN = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^:]+-[A-Za-z0-9]{6}(:[^:]*){0,3}$/;

/** The secret itself; CodeBuild also takes `<arn>:<json-key>:<version-stage>:<version-id>`. */
function secretArn(reference: string): string {
  return isResolved(reference) ? reference.split(':').slice(0, 7).join(':') : reference;
}

/** Permissions that a build's role needs to read secrets, including those encrypted with a customer managed KMS key. */
export function secretStatements(
  secrets: Readonly<Record<string, string>>,
  { region, dnsSuffix }: Pick<AwsAccount, 'region' | 'dnsSuffix'>,
): IamStatement[] {
  const arns = [...new Set(Object.values(secrets).map(secretArn))];
  if (arns.length === 0) return [];
  return [
    { sid: 'ReadSecrets', actions: ['secretsmanager:GetSecretValue'], resources: arns },
    {
      sid: 'DecryptSecrets',
      actions: ['kms:Decrypt'],
      resources: ['*'],
      allowAllResources: true,
      conditions: {
        StringEquals: {
          'kms:ViaService': `secretsmanager.${region}.${dnsSuffix}`,
          'kms:EncryptionContext:SecretARN': arns,
        },
      },
    },
  ];
}

export function checkSecrets(problems: Problems, secrets: Readonly<Record<string, string>> | undefined): void {
  for (const arn of Object.values(secrets ?? {})) {
    problems.check(
      !isResolved(arn) || SECRET_ARN.test(arn),
      `secrets: "${arn}" is not the full ARN of a secret; write ` +
        'arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>, optionally followed by :<json-key>',
    );
  }
}
