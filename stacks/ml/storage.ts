import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { PrivateBucket, type ExpiringPrefix } from '@strata/s3';
import { Construct } from 'constructs';
import type { MlConfig } from './config';
import { PREFIXES } from './prefixes';

export interface StorageProps {
  readonly config: MlConfig;
  /** `<project>-<environment>-ml`, what names start with. */
  readonly name: string;
  readonly deletionProtection: boolean;
}

/**
 * What the layer keeps: datasets, and what training makes of them; and the key that encrypts both. This resource is
 * stateful.
 */
export class Storage extends Construct {
  readonly datasetBucket: PrivateBucket;
  readonly artifactBucket: PrivateBucket;
  /** Only where the configuration asks for one. */
  readonly key?: KmsKey;
  /** `undefined` with AWS's own keys. */
  readonly kmsKeyArn: string | undefined;

  /** @throws ValidationError when a bucket cannot be called as configured. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: StorageProps,
  ) {
    super(scope, id);
    const { config, name } = props;
    if (config.kmsKey === 'create') {
      this.key = new KmsKey(this, 'key', {
        description: `Datasets, models and volumes of ${name}`,
        enableKeyRotation: true,
        deletionWindowInDays: props.deletionProtection ? 30 : 7,
      });
      new KmsAlias(this, 'key-alias', { name: `alias/${name}`, targetKeyId: this.key.keyId });
    }
    this.kmsKeyArn = config.kmsKeyArn ?? this.key?.arn;
    this.datasetBucket = this.bucket('dataset', config.datasetBucketName);
    this.artifactBucket = this.bucket('artifacts', config.artifactBucketName, [
      { prefix: PREFIXES.dataCapture, days: config.dataCaptureExpirationDays },
      { prefix: PREFIXES.async, days: config.asyncExpirationDays },
      { prefix: PREFIXES.checkpoints, days: config.checkpointExpirationDays },
    ]);
  }

  private bucket(
    what: string,
    bucketName: string | undefined,
    expiringPrefixes: readonly ExpiringPrefix[] = [],
  ): PrivateBucket {
    const { config, name, deletionProtection } = this.props;
    return new PrivateBucket(this, `${what}-bucket`, {
      bucketName,
      bucketNamePrefix: bucketName === undefined ? `${name}-${what}-` : undefined,
      kmsKeyArn: this.kmsKeyArn,
      versioning: true,
      noncurrentVersionExpirationDays: config.noncurrentVersionExpirationDays,
      noncurrentVersionsToKeep: config.noncurrentVersionsToKeep,
      expiringPrefixes,
      abortIncompleteUploadDays: config.abortIncompleteUploadDays,
      minimumTlsVersion: config.minimumTlsVersion,
      accessLogsBucketName: config.accessLogsBucketName,
      accessLogsPrefix: config.accessLogsPrefix,
      forceDestroy: !deletionProtection,
    });
  }
}
