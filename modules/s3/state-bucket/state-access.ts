import { statePath } from '@strata/state';

/** Which states of a bucket to access, and how they are encrypted. */
export interface StateAccess {
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** Prefix of all keys, the same as the backend's `prefix`. @default none */
  readonly prefix?: string;
  /** First part of a state's key. @default every project */
  readonly project?: string;
  /** Second part of a state's key. @default every environment */
  readonly environment?: string;
  /** Last part of a state's key. @default every layer */
  readonly layer?: string;
  /** ARN of the KMS key that encrypts the states. @default none: S3's own keys */
  readonly kmsKeyArn?: string;
}

/** One `Allow` statement of an IAM policy. */
export interface StateStatement {
  /** Statement id. */
  readonly sid: string;
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
  /** Conditions by operator and key. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * Permissions to plan and apply layers: read and write their states, create and delete their lock files, and detect a
 * missing state. States themselves cannot be deleted.
 * @throws Error when a part of the key is not a plain name.
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
export function stateWriterStatements(access: StateAccess): StateStatement[] {
  const key = keyPattern(access);
  return [
    // Without it, S3 returns 403 instead of 404 for a missing state, and the first apply of a layer fails.
    findStatement('FindState', access),
    { sid: 'WriteState', actions: ['s3:GetObject', 's3:PutObject'], resources: [`${access.bucketArn}/${key}`] },
    lockStatement(access),
    ...keyStatements('WriteWithKey', access, ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

/**
 * Permissions to plan layers: read their states, create and delete their lock files, and detect a missing state. No
 * state can be written.
 * @throws Error when a part of the key is not a plain name.
 */
export function statePlannerStatements(access: StateAccess): StateStatement[] {
  return [
    findStatement('FindState', access),
    { sid: 'ReadState', actions: ['s3:GetObject'], resources: [`${access.bucketArn}/${keyPattern(access)}`] },
    lockStatement(access),
    // The lock file is encrypted as the state is.
    ...keyStatements('LockWithKey', access, ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

/**
 * Permissions to read a neighbour's contract: its state only.
 * @throws Error when a part of the key is not a plain name.
 */
export function stateReaderStatements(access: StateAccess): StateStatement[] {
  return [
    { sid: 'ReadState', actions: ['s3:GetObject'], resources: [`${access.bucketArn}/${keyPattern(access)}`] },
    ...keyStatements('ReadWithKey', access, ['kms:Decrypt']),
  ];
}

/**
 * Permissions to read the contract of an optional neighbour: detect whether its state exists, and read it.
 * @throws Error when a part of the key is not a plain name.
 */
export function optionalStateReaderStatements(access: StateAccess): StateStatement[] {
  return [findStatement('FindNeighbour', access), ...stateReaderStatements(access)];
}

function lockStatement(access: StateAccess): StateStatement {
  return {
    sid: 'LockState',
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    resources: [`${access.bucketArn}/${keyPattern(access)}.tflock`],
  };
}

function findStatement(sid: string, access: StateAccess): StateStatement {
  return {
    sid,
    actions: ['s3:ListBucket'],
    resources: [access.bucketArn],
    conditions: { StringLike: { 's3:prefix': [keyPattern(access)] } },
  };
}

function keyStatements(sid: string, { kmsKeyArn }: StateAccess, actions: readonly string[]): StateStatement[] {
  if (kmsKeyArn === undefined) return [];
  const conditions = { StringLike: { 'kms:ViaService': ['s3.*.amazonaws.com', 's3.*.amazonaws.com.cn'] } };
  return [{ sid, actions, resources: [kmsKeyArn], conditions }];
}

function keyPattern({ prefix, project = '*', environment = '*', layer = '*' }: StateAccess): string {
  for (const [part, name] of Object.entries({ project, environment, layer })) {
    if (name !== '*' && !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      throw new Error(
        `access to states: ${part} "${name}" cannot be part of a state key; use lower-case letters, digits ` +
          'and hyphens, or leave it out for all',
      );
    }
  }
  const path = statePath({ project, environment, layer });
  return prefix === undefined ? path : `${prefix}/${path}`;
}
