// How each type is imported, where that follows from its configuration: by names, which are known before it exists.
// Each form is from the "Import" section of the type's page in the provider's documentation.

/** The values of a resource as far as they are known; `undefined` where one is not. */
export type KnownValue = (attribute: string) => string | undefined;

/** What a resource is imported by; `undefined` where a part of it is not known. */
export type ImportId = (value: KnownValue) => string | undefined;

const by =
  (...attributes: readonly string[]): ImportId =>
  (value) =>
    join(':', attributes.map(value));
const joined =
  (separator: string, ...attributes: readonly string[]): ImportId =>
  (value) =>
    join(separator, attributes.map(value));

/** Type -> what it is imported by. */
export const NAMED: Readonly<Record<string, ImportId>> = {
  aws_apigatewayv2_stage: joined('/', 'api_id', 'name'),
  aws_appautoscaling_policy: joined('/', 'service_namespace', 'resource_id', 'scalable_dimension', 'name'),
  aws_appautoscaling_target: joined('/', 'service_namespace', 'resource_id', 'scalable_dimension'),
  aws_cloudwatch_event_bus: by('name'),
  aws_cloudwatch_event_rule: by('name'),
  aws_cloudwatch_event_target: joined('/', 'rule', 'target_id'),
  aws_cloudwatch_log_group: by('name'),
  aws_cloudwatch_metric_alarm: by('alarm_name'),
  aws_codebuild_project: by('name'),
  aws_codecommit_repository: by('repository_name'),
  aws_codedeploy_app: by('name'),
  aws_codedeploy_deployment_config: by('deployment_config_name'),
  aws_codedeploy_deployment_group: joined(':', 'app_name', 'deployment_group_name'),
  aws_codepipeline: by('name'),
  aws_db_instance: by('identifier'),
  aws_db_parameter_group: by('name'),
  aws_db_subnet_group: by('name'),
  aws_ecr_pull_through_cache_rule: by('ecr_repository_prefix'),
  aws_ecr_repository: by('name'),
  aws_iam_role: by('name'),
  aws_iam_role_policy: joined(':', 'role', 'name'),
  aws_iam_role_policy_attachment: joined('/', 'role', 'policy_arn'),
  aws_kms_alias: by('name'),
  aws_lambda_function: by('function_name'),
  aws_lambda_permission: joined('/', 'function_name', 'statement_id'),
  aws_lb_listener_certificate: joined('_', 'listener_arn', 'certificate_arn'),
  aws_rds_cluster: by('cluster_identifier'),
  aws_rds_cluster_instance: by('identifier'),
  aws_rds_cluster_parameter_group: by('name'),
  aws_route: (value) =>
    join('_', [
      value('route_table_id'),
      value('destination_cidr_block') ?? value('destination_ipv6_cidr_block') ?? value('destination_prefix_list_id'),
    ]),
  aws_route53_record: joined('_', 'zone_id', 'name', 'type'),
  aws_route_table_association: joined('/', 'subnet_id', 'route_table_id'),
  aws_sagemaker_endpoint: by('name'),
  aws_sagemaker_endpoint_configuration: by('name'),
  aws_sagemaker_model: by('name'),
  aws_sagemaker_model_package_group: by('model_package_group_name'),
  aws_sagemaker_pipeline: by('pipeline_name'),
  aws_scheduler_schedule: (value) => join('/', [value('group_name') ?? 'default', value('name')]),
  aws_wafv2_web_acl_association: joined(',', 'web_acl_arn', 'resource_arn'),
};

/**
 * Types that are not looked for: each is made by a call that sets it, so that making it again does no harm. An
 * integration is made a second time, and its first one is used by no route.
 */
export const SET_AGAIN = new Set([
  'aws_acm_certificate_validation',
  'aws_apigatewayv2_integration',
  'aws_appautoscaling_scheduled_action',
  'aws_ecr_lifecycle_policy',
  'aws_ecr_registry_scanning_configuration',
  'aws_ecr_repository_policy',
  'aws_ecs_cluster_capacity_providers',
  'aws_ecs_task_definition',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_invocation',
  'aws_s3_bucket_cors_configuration',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_logging',
  'aws_s3_bucket_ownership_controls',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_versioning',
  'aws_s3_object',
  'aws_sagemaker_model_package_group_policy',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_sqs_queue_policy',
  'aws_sqs_queue_redrive_allow_policy',
]);

function join(separator: string, parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(separator);
}
