import type { ModelPipelinesProps } from '@strata/sagemaker-pipeline';

/** What the project's pipelines are made of in tests. */
export const props: ModelPipelinesProps = {
  roleArn: 'arn:aws:iam::123456789012:role/training',
  hostingRoleArn: 'arn:aws:iam::123456789012:role/hosting',
  artifactBucketName: 'artifacts',
  datasetBucketName: 'dataset',
  trainingSourceUri: 's3://artifacts/source/0123/sourcedir.tar.gz',
  processingCodeUri: 's3://artifacts/source/0123/code/',
  trainingImageUri:
    '763104351884.dkr.ecr.ap-northeast-2.amazonaws.com/pytorch-training:2.8.0-cpu-py312-ubuntu22.04-sagemaker',
  inferenceImageUri: '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1',
  deployFunctionArn: 'arn:aws:lambda:ap-northeast-2:123456789012:function:deploy',
  modelPackageGroupName: 'strata-dev-image-classifier',
  endpointName: 'image-classifier',
  region: 'ap-northeast-2',
};
