import type { IamStatement } from '@strata/iam';
import type { LayerBuildStep } from '@strata/codepipeline';
import type { NeighbourConfig } from '@strata/layer';
import type { S3BackendConfig, StateBackend } from '@strata/state';
import {
  optionalStateReaderStatements,
  statePlannerStatements,
  stateWriterStatements,
  type StateAccess,
  type StateStatement,
} from '@strata/s3';
import { AwsAccount, ValidationError } from '@strata/core';
import type { Construct } from 'constructs';

export interface LayerStates {
  readonly project: string;
  readonly environment: string;
  readonly state: StateBackend;
  /** Key that encrypts the states, where the backend names none: that of the bucket. */
  readonly kmsKeyArn?: string;
  /** Contracts that a layer reads from elsewhere than its own environment's states. */
  readonly elsewhere: (layer: string) => readonly (NeighbourConfig & { readonly stack: string })[];
}

/**
 * Permissions that the builds of a layer pipeline need to access states. Both read all states of the environment, as a
 * layer reads its neighbours'. The build that plans may lock its layer's state besides, the one that applies may write
 * it: no build can change another layer's.
 *
 * Where the backend names a role (`roleArn`), that role accesses the states, and its policies decide.
 * @throws ValidationError for local state, which no build machine has.
 */
export function stateStatements(
  scope: Construct,
  states: LayerStates,
): (layer: string, step: LayerBuildStep) => readonly IamStatement[] {
  const { state, project, environment } = states;
  if (state.type === 'local') {
    throw new ValidationError(
      scope,
      'layerPipeline: state is in local files ("local"), which a build cannot access; use state of type "s3" ' +
        'or "cloud" in this environment, or leave layerPipeline out',
    );
  }
  const { partition } = AwsAccount.of(scope);
  const access = (backend: S3BackendConfig, key: Omit<StateAccess, 'bucketArn'>): StateAccess => ({
    bucketArn: `arn:${partition}:s3:::${backend.bucket}`,
    prefix: backend.prefix,
    kmsKeyArn: backend.kmsKeyId ?? (backend.bucket === bucketOf(state) ? states.kmsKeyArn : undefined),
    ...key,
  });
  const through = (backend: StateBackend, statements: (backend: S3BackendConfig) => StateStatement[]) => {
    // HCP Terraform is reached with a token, in `buildSecrets`; local state of others by nobody.
    if (backend.type !== 's3') return [];
    if (backend.roleArn === undefined) return statements(backend);
    return [{ sid: 'AssumeStateRole', actions: ['sts:AssumeRole'], resources: [backend.roleArn] }];
  };
  return (layer, step) => {
    const own = through(state, (backend) => {
      const key = { project, environment, layer };
      const neighbours = optionalStateReaderStatements(access(backend, { project, environment }));
      const statements = step === 'plan' ? statePlannerStatements : stateWriterStatements;
      // The layer's own state is one of the environment's: finding and reading it is allowed with the others.
      return [
        ...numbered(neighbours, 'All'),
        ...statements(access(backend, key)).filter(({ sid }) => !['FindState', 'ReadState'].includes(sid)),
      ];
    });
    const others = states.elsewhere(layer).flatMap(({ stack, ...from }, i) => {
      const key = { project: from.project ?? project, environment: from.environment ?? environment, layer: stack };
      return numbered(
        through(from.state ?? state, (backend) => optionalStateReaderStatements(access(backend, key))),
        `${i + 1}`,
      );
    });
    return distinct([...own, ...others]);
  };
}

function bucketOf(state: StateBackend): string | undefined {
  return state.type === 's3' ? state.bucket : undefined;
}

function numbered(statements: readonly StateStatement[], suffix: string): StateStatement[] {
  return statements.map((statement) => ({ ...statement, sid: `${statement.sid}${suffix}` }));
}

/** Without those that say the same under another name. */
function distinct(statements: readonly StateStatement[]): StateStatement[] {
  const without = ({ sid: _sid, ...statement }: StateStatement): string => JSON.stringify(statement);
  return statements.filter(
    (statement, i) => statements.findIndex((other) => without(other) === without(statement)) === i,
  );
}
