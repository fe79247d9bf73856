import type { IamStatement } from '@strata/iam';
import type { StateBackend } from '@strata/state';
import { stateWriterStatements } from '@strata/s3';
import { AwsAccount, ValidationError } from '@strata/core';
import type { Construct } from 'constructs';

/**
 * Permissions that the builds of a layer pipeline need to access the state.
 * @throws ValidationError for local state, which no build machine has.
 */
export function stateStatements(
  scope: Construct,
  state: StateBackend,
  project: string,
  environment: string,
): readonly IamStatement[] {
  switch (state.type) {
    case 'local':
      throw new ValidationError(
        scope,
        'layerPipeline: state is in local files ("local"), which a build cannot access; use state of type "s3" ' +
          'or "cloud" in this environment, or leave layerPipeline out',
      );
    case 's3':
      return stateWriterStatements({
        bucketArn: `arn:${AwsAccount.of(scope).partition}:s3:::${state.bucket}`,
        prefix: state.prefix,
        project,
        environment,
        kmsKeyArn: state.kmsKeyId,
      });
    // HCP Terraform is reached with a token, in `buildSecrets`.
    case 'cloud':
      return [];
  }
}
