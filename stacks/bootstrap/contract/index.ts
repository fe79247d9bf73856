import manifest from '@strata/bootstrap-contract/package.json';
import { defineContract, t } from '@strata/contract';

/** What the bootstrap layer promises: the bucket that Terraform state lives in. */
export const bootstrapContract = defineContract({
  layer: 'bootstrap',
  owner: 'platform-state',
  version: manifest.version,
  outputs: {
    bucketName: {
      type: t.string,
      description: 'Name of the bucket that holds Terraform state',
      example: 'shop-dev-terraform-state',
    },
    bucketArn: { type: t.string, description: 'ARN of the bucket', example: 'arn:aws:s3:::shop-dev-terraform-state' },
    bucketRegion: { type: t.string, description: 'Region of the bucket', example: 'ap-northeast-2' },
    kmsKeyArn: {
      type: t.string,
      description: "ARN of the KMS key that encrypts the states; empty where S3's own keys do",
      example: '',
    },
  },
});
