import type { IamStatement } from '@strata/iam';

/** The bucket through which pipeline actions pass files. */
export interface ArtifactStore {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** KMS key that CodePipeline encrypts artifacts with. @default Amazon S3's own key of the account */
  readonly kmsKeyArn?: string;
}

/** CodePipeline uses the first 20 characters of a pipeline's name in artifact keys. */
const KEY_LENGTH = 20;

/**
 * What an action needs to read its input artifacts and write its output artifacts: those of this pipeline only. A
 * connection source sets the ACL of its uploads; a multipart upload decrypts the earlier parts.
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
