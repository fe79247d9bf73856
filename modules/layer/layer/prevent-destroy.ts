import { Aspects, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** What holds data or people's homes, or is an address or a name that others know. */
const PROTECTED = new Set([
  'aws_cloudwatch_log_group',
  'aws_codecommit_repository',
  'aws_ecr_repository',
  'aws_ecs_cluster',
  'aws_ecs_service',
  'aws_eip',
  'aws_kms_key',
  'aws_lb',
  'aws_s3_bucket',
  'aws_sagemaker_domain',
  'aws_sagemaker_endpoint',
  'aws_sagemaker_model_package_group',
  'aws_sagemaker_user_profile',
  'aws_subnet',
  'aws_vpc',
]);

/**
 * Lets every plan fail that would destroy or replace one of these, whatever the change is that leads to it. A resource
 * that says itself whether it may be destroyed keeps its own answer.
 */
export function preventDestroy(scope: Construct): void {
  Aspects.of(scope).add({
    visit: (node) => {
      if (!TerraformResource.isTerraformResource(node) || !PROTECTED.has(node.terraformResourceType)) return;
      node.lifecycle = { preventDestroy: true, ...node.lifecycle };
    },
  });
}
