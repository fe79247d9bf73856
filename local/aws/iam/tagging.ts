import type { Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';

/**
 * The permission that tags take which are given while something is made, by botocore's name of the service. CodeBuild
 * and S3 ask for none, Service Catalog and others are not used here.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const ACTIONS: Readonly<Record<string, string>> = {
  apigatewayv2: 'apigateway:POST',
  'application-autoscaling': 'application-autoscaling:TagResource',
  cloudwatch: 'cloudwatch:TagResource',
  codecommit: 'codecommit:TagResource',
  codedeploy: 'codedeploy:TagResource',
  codepipeline: 'codepipeline:TagResource',
  'codestar-connections': 'codestar-connections:TagResource',
  dynamodb: 'dynamodb:TagResource',
  ec2: 'ec2:CreateTags',
  ecr: 'ecr:TagResource',
  ecs: 'ecs:TagResource',
  elbv2: 'elasticloadbalancing:AddTags',
  events: 'events:TagResource',
  kms: 'kms:TagResource',
  lambda: 'lambda:TagResource',
  logs: 'logs:TagResource',
  rds: 'rds:AddTagsToResource',
  sagemaker: 'sagemaker:AddTags',
  secretsmanager: 'secretsmanager:TagResource',
  sns: 'sns:TagResource',
  sqs: 'sqs:TagQueue',
  ssm: 'ssm:AddTagsToResource',
};

const IAM_ACTIONS: Readonly<Record<string, string>> = {
  CreateInstanceProfile: 'iam:TagInstanceProfile',
  CreatePolicy: 'iam:TagPolicy',
  CreateRole: 'iam:TagRole',
};

/** The action that tagging takes besides the call's own; undefined for a call that gives no tags. */
export function taggingAction({ model, operation, input }: AwsCall): string | undefined {
  // Who tags and does nothing else needs what the call itself says.
  if (/Tag/.test(operation.name) || !givesTags(input as Reading)) return undefined;
  return model.name === 'iam' ? IAM_ACTIONS[operation.name] : ACTIONS[model.name];
}

function givesTags({ tags, Tags, tagList, TagSpecifications }: Reading): boolean {
  const given: unknown = tags ?? Tags ?? tagList ?? TagSpecifications;
  return typeof given === 'object' && given !== null && Object.keys(given).length > 0;
}
