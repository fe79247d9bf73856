import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AWS_PROVIDER_VERSION } from '@strata/layer';
import { PrivateBucket, type PrivateBucketProps } from '@strata/s3';
import { TerraformStack } from 'cdktf';
import { layerJson } from '../../../support/synth-layer';
import { terraformTest } from '../../../support/terraform';
import { validateStacks } from '../../../support/validate-stacks';

const VARIANTS: Record<string, PrivateBucketProps> = {
  'every default': { bucketName: 'shop-data' },
  'a made name, objects expire': { bucketNamePrefix: 'shop-', expirationDays: 30 },
  'all former versions': { bucketName: 'shop-data', versioning: true },
  'a number of former versions': { bucketName: 'shop-data', versioning: true, noncurrentVersionsToKeep: 5 },
  'every option': {
    bucketName: 'shop-data',
    kmsKeyArn: 'arn:aws:kms:ap-northeast-2:123456789012:key/1',
    minimumTlsVersion: '1.3',
    versioning: true,
    expirationDays: 90,
    noncurrentVersionsToKeep: 5,
    noncurrentVersionExpirationDays: 30,
    abortIncompleteUploadDays: 1,
    accessLogsBucketName: 'shop-logs',
    accessLogsPrefix: 'data/',
    preventDestroy: false,
    forceDestroy: true,
    tags: { team: 'data' },
    policyStatements: (bucketArn) => [
      {
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:role/r' },
        Action: 's3:GetObject',
        Resource: `${bucketArn}/*`,
      },
    ],
  },
};

function stackJson(props: PrivateBucketProps): string {
  return layerJson((scope) => {
    const stack = new TerraformStack(scope, 'data');
    new AwsProvider(stack, 'aws', { region: 'ap-northeast-2' });
    stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
    new PrivateBucket(stack, 'bucket', props);
    return stack;
  });
}

terraformTest('every kind of bucket is valid for the AWS provider, without a warning', () => {
  const stacks = Object.entries(VARIANTS).map(([name, props]) => [name, stackJson(props)]);
  expect(validateStacks(Object.fromEntries(stacks))).toEqual(
    Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])),
  );
});
