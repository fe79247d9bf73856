import { account } from '../account';

/** What Terraform would have made, under the names it has on this machine. */
export const local = {
  endpointName: 'image-classifier',
  modelPackageGroupName: 'strata-local-image-classifier',
  artifactBucketName: 'strata-local-ml-artifacts',
  datasetBucketName: 'strata-local-ml-dataset',
  roleArn: `arn:aws:iam::${account.accountId}:role/local`,
  deployFunctionArn: `arn:aws:lambda:${account.region}:${account.accountId}:function:deploy-endpoint`,
} as const;
