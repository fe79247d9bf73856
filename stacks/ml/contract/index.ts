import manifest from '@strata/ml-contract/package.json';
import { defineContract, t } from '@strata/contract';

/**
 * What the ml layer promises: the endpoint to ask, where its container's image comes from, and where data and models
 * lie.
 */
export const mlContract = defineContract({
  layer: 'ml',
  owner: 'machine-learning',
  version: manifest.version,
  outputs: {
    endpointName: {
      type: t.string,
      description: 'Name of the endpoint that answers; it exists once a model was deployed',
      example: 'image-classifier',
    },
    endpointArn: {
      type: t.string,
      description: 'ARN of the endpoint, which who calls it is allowed to invoke',
      example: 'arn:aws:sagemaker:ap-northeast-2:123456789012:endpoint/image-classifier',
    },
    endpointKind: {
      type: t.string,
      description: 'How the endpoint answers: realtime, serverless or async; async answers no direct invocation',
      example: 'realtime',
    },
    endpointOwner: {
      type: t.string,
      description: 'Who decides which model the endpoint serves: pipeline or terraform',
      example: 'pipeline',
    },
    imageRepositoryName: {
      type: t.string,
      description: 'ECR repository of the inference container',
      example: 'model-endpoint',
    },
    imageRepositoryArn: {
      type: t.string,
      description: 'ARN of that repository',
      example: 'arn:aws:ecr:ap-northeast-2:123456789012:repository/model-endpoint',
    },
    imageRepositoryUrl: {
      type: t.string,
      description: 'URL of that repository, without a tag',
      example: '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint',
    },
    imageParameterName: {
      type: t.string,
      description: "SSM parameter that holds the inference container's image, written by who ships it",
      example: '/strata/dev/images/model-endpoint',
    },
    imageArchitecture: {
      type: t.string,
      description: 'Architecture the inference container runs on: X86_64 or ARM64',
      example: 'X86_64',
    },
    datasetBucketName: {
      type: t.string,
      description: 'Bucket of the datasets',
      example: 'strata-dev-ml-dataset-20260101000000000000000001',
    },
    datasetBucketArn: {
      type: t.string,
      description: 'ARN of that bucket',
      example: 'arn:aws:s3:::strata-dev-ml-dataset-20260101000000000000000001',
    },
    artifactBucketName: {
      type: t.string,
      description: 'Bucket of training code, models, evaluations and what an endpoint captures',
      example: 'strata-dev-ml-artifacts-20260101000000000000000002',
    },
    artifactBucketArn: {
      type: t.string,
      description: 'ARN of that bucket',
      example: 'arn:aws:s3:::strata-dev-ml-artifacts-20260101000000000000000002',
    },
    modelPackageGroupName: {
      type: t.string,
      description: 'Group in the model registry that trained models are registered in',
      example: 'strata-dev-image-classifier',
    },
    pipelines: {
      type: t.map(t.object({ name: t.string, arn: t.string })),
      description: 'Pipeline, as the layer calls it -> its name and ARN',
      example: {
        train: {
          name: 'AppMlPipeline-Train',
          arn: 'arn:aws:sagemaker:ap-northeast-2:123456789012:pipeline/appmlpipeline-train',
        },
      },
    },
    deployFunctionName: {
      type: t.string,
      description: 'Function that deploys a model package to the endpoint; empty where Terraform owns the endpoint',
      example: 'image-classifier-deploy',
    },
    pipelineRoleArn: {
      type: t.string,
      description: 'Role of the pipelines',
      example: 'arn:aws:iam::123456789012:role/strata-dev-ml-pipeline',
    },
    trainingRoleArn: {
      type: t.string,
      description: 'Role of training and processing jobs',
      example: 'arn:aws:iam::123456789012:role/strata-dev-ml-training',
    },
    hostingRoleArn: {
      type: t.string,
      description: 'Role of the inference container',
      example: 'arn:aws:iam::123456789012:role/strata-dev-ml-hosting',
    },
    studioDomainId: {
      type: t.string,
      description: 'Id of the Studio domain; empty where there is none',
      example: 'd-0a1b2c3d4e5f',
    },
    kmsKeyArn: {
      type: t.string,
      description: "Key that encrypts datasets, models and volumes; empty where AWS's own keys do",
      example: '',
    },
  },
});
