const REGION = 'ap-northeast-2';
const ACCOUNT = '123456789012';

/** Stands for a text that only an apply tells; fits everything. */
export const UNKNOWN = '*unknown*';

/** ARNs of resources by type, with `x` for their names. */
const ARNS: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:x`,
  aws_codebuild_project: `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/x`,
  aws_codecommit_repository: `arn:aws:codecommit:${REGION}:${ACCOUNT}:x`,
  aws_codedeploy_app: `arn:aws:codedeploy:${REGION}:${ACCOUNT}:application:x`,
  aws_codepipeline: `arn:aws:codepipeline:${REGION}:${ACCOUNT}:x`,
  aws_codestarconnections_connection: `arn:aws:codestar-connections:${REGION}:${ACCOUNT}:connection/x`,
  aws_ecr_repository: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/x`,
  aws_ecs_cluster: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/x`,
  aws_iam_role: `arn:aws:iam::${ACCOUNT}:role/x`,
  aws_kms_key: `arn:aws:kms:${REGION}:${ACCOUNT}:key/x`,
  aws_lambda_function: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:x`,
  aws_lb_target_group: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/x/x`,
  aws_s3_bucket: 'arn:aws:s3:::x',
  aws_sagemaker_endpoint: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/x`,
  aws_sagemaker_model_package_group: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package-group/x`,
  aws_sagemaker_pipeline: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:pipeline/x`,
  aws_sns_topic: `arn:aws:sns:${REGION}:${ACCOUNT}:x`,
  aws_sqs_queue: `arn:aws:sqs:${REGION}:${ACCOUNT}:x`,
};

/** A text of `parseTerraformJson` as an apply would have it; an expression that nothing here knows is UNKNOWN. */
export function resolveText(text: string): string {
  return text
    .replace(/\$\{([^{}]*)\}/g, (_whole, expression: string) => resolved(expression.trim()))
    .replace(/<((?:[^<>]|<[^<>]*>)*)>/g, (_whole, expression: string) => resolved(expression.trim()));
}

function resolved(expression: string): string {
  const known: readonly (readonly [RegExp, string])[] = [
    [/^data\.aws_partition\.[^.]+\.partition$/, 'aws'],
    [/^data\.aws_partition\.[^.]+\.dns_suffix$/, 'amazonaws.com'],
    [/^data\.aws_region\.[^.]+\.(id|name|region)$/, REGION],
    [/^data\.aws_caller_identity\.[^.]+\.account_id$/, ACCOUNT],
  ];
  const found = known.find(([pattern]) => pattern.test(expression));
  if (found !== undefined) return found[1];
  const [, type = '', attribute = ''] = /^(?:data\.)?(aws_\w+)\.[^.]+\.(\w+)$/.exec(expression) ?? [];
  if (attribute === 'arn') return ARNS[type] ?? UNKNOWN;
  return ['id', 'name', 'bucket', 'family'].includes(attribute) ? 'x' : UNKNOWN;
}
