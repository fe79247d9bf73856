import { apiGatewayStageTags } from './apigatewayv2-stage-tags';
import { applicationAutoscalingTags } from './application-autoscaling-tags';
import { codebuildProjects } from './codebuild-projects';
import { codecommitRepositories } from './codecommit-repositories';
import { codedeployGroups } from './codedeploy-groups';
import { codepipelineDates } from './codepipeline-dates';
import { codepipelineExecutions } from './codepipeline-executions';
import { codestarConnections } from './codestar-connections';
import { ec2EndpointServices } from './ec2-endpoint-services';
import { ec2GatewayEndpointRoutes } from './ec2-gateway-endpoint-routes';
import { ec2SecurityGroupRuleDescription } from './ec2-security-group-rule-description';
import { ec2SubnetIpv6State } from './ec2-subnet-ipv6-state';
import { ecsLatestRevision } from './ecs-latest-revision';
import { ecsServiceAttributes } from './ecs-service-attributes';
import type { Patch } from './patch';
import { lambdaEventSources } from './lambda-event-sources';
import { lambdaInvoke } from './lambda-invoke';
import { lambdaLoggingConfig } from './lambda-logging-config';
import { rdsParameters } from './rds-parameters';
import { s3ConditionalBucketPolicy } from './s3-conditional-bucket-policy';
import { s3ConditionalPut } from './s3-conditional-put';
import { s3NewerNoncurrentVersions } from './s3-newer-noncurrent-versions';
import { s3SuspendedVersioning } from './s3-suspended-versioning';
import { sagemakerHostingAndStudio } from './sagemaker-hosting-and-studio';
import { sagemakerModelPackageGroups } from './sagemaker-model-package-groups';
import { serviceQuotas } from './service-quotas';
import { sqsRedrive } from './sqs-redrive';

export type { Answer, Forward, ForwardChanges, Patch, Reply } from './patch';

/**
 * Everything the shim does beyond passing requests on. To add one: a file next to this one, an entry here, and its line
 * in docs/emulator.md (a test compares them).
 */
export const PATCHES: readonly Patch[] = [
  apiGatewayStageTags,
  applicationAutoscalingTags,
  codebuildProjects,
  codecommitRepositories,
  codedeployGroups,
  codepipelineDates,
  codepipelineExecutions,
  codestarConnections,
  ec2EndpointServices,
  ec2GatewayEndpointRoutes,
  ec2SecurityGroupRuleDescription,
  ec2SubnetIpv6State,
  ecsLatestRevision,
  ecsServiceAttributes,
  lambdaEventSources,
  lambdaInvoke,
  lambdaLoggingConfig,
  rdsParameters,
  s3ConditionalBucketPolicy,
  s3ConditionalPut,
  s3NewerNoncurrentVersions,
  s3SuspendedVersioning,
  sagemakerHostingAndStudio,
  sagemakerModelPackageGroups,
  serviceQuotas,
  sqsRedrive,
];
