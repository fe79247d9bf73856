import type { IamStatement } from '@strata/iam';

/** The bucket in which pipelines pass files from action to action. */
export interface ArtifactStore {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** KMS key that CodePipeline encrypts artifacts with. @default Amazon S3's own key of the account */
  readonly kmsKeyArn?: string;
}

/** CodePipeline keeps the first 20 characters of a pipeline's name in the keys of its artifacts. */
const KEY_LENGTH = 20;

/**
 * What an action needs to read its input artifacts and write its output artifacts: those of this pipeline alone. A
 * connection's source sets the ACL of what it uploads; an upload in parts decrypts the parts before.
 */
export function artifactStatements(
  store: ArtifactStore,
  pipelineName: string,
  access: 'read' | 'write' | 'read-write',
): IamStatement[] {
  const objects = [`${store.bucketArn}/${pipelineName.slice(0, KEY_LENGTH)}*`];
  const read = access !== 'write';
  const write = access !== 'read';
  return [
    {
      sid: 'Artifacts',
      actions: [
        ...(read ? ['s3:GetObject', 's3:GetObjectVersion'] : []),
        ...(write ? ['s3:PutObject', 's3:PutObjectAcl'] : []),
      ],
      resources: objects,
    },
    {
      sid: 'ArtifactBucket',
      actions: ['s3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [store.bucketArn],
    },
    ...(store.kmsKeyArn === undefined
      ? []
      : [
          {
            sid: 'ArtifactKey',
            actions: [
              'kms:Decrypt',
              ...(write ? ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'] : []),
              'kms:DescribeKey',
            ],
            resources: [store.kmsKeyArn],
          },
        ]),
  ];
}
