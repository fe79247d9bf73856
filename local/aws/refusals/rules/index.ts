import { acmCertificateInUse } from './acm-certificate-in-use';
import { applicationAutoscalingTarget } from './application-autoscaling-target';
import { cloudwatchAlarmActions } from './cloudwatch-alarm-actions';
import { codebuildRole } from './codebuild-role';
import { codedeployEcsService } from './codedeploy-ecs-service';
import { codedeployRole } from './codedeploy-role';
import { codepipelineRole } from './codepipeline-role';
import { codepipelineStructure } from './codepipeline-structure';
import { ec2AddressInUse } from './ec2-address-in-use';
import { ec2InternetGatewayInUse } from './ec2-internet-gateway-in-use';
import { ec2InternetGatewayNeeded } from './ec2-internet-gateway-needed';
import { ec2Quotas } from './ec2-quotas';
import { ec2SecurityGroupInUse } from './ec2-security-group-in-use';
import { ec2SecurityGroupRulesQuota } from './ec2-security-group-rules-quota';
import { ec2SubnetInUse } from './ec2-subnet-in-use';
import { ec2SubnetSize } from './ec2-subnet-size';
import { ec2VpcEndpointConflicts } from './ec2-vpc-endpoint-conflicts';
import { ec2VpcInUse } from './ec2-vpc-in-use';
import { ecsClusterInUse } from './ecs-cluster-in-use';
import { ecsExecutionRole } from './ecs-execution-role';
import { ecsFargateSize } from './ecs-fargate-size';
import { ecsServiceDeploymentController } from './ecs-service-deployment-controller';
import { ecsServiceExists } from './ecs-service-exists';
import { ecsServiceGracePeriod } from './ecs-service-grace-period';
import { ecsServiceInUse } from './ecs-service-in-use';
import { ecsServiceLoadBalancers } from './ecs-service-load-balancers';
import { ecsTaskDefinitionContainers } from './ecs-task-definition-containers';
import { ecsUpdateUnderCodeDeploy } from './ecs-update-under-code-deploy';
import { elbv2AttributeValues } from './elbv2-attribute-values';
import { elbv2HealthCheckTimes } from './elbv2-health-check-times';
import { elbv2ListenerCertificate } from './elbv2-listener-certificate';
import { elbv2LoadBalancerName } from './elbv2-load-balancer-name';
import { elbv2LoadBalancerSecurityGroups } from './elbv2-load-balancer-security-groups';
import { elbv2LoadBalancerSubnets } from './elbv2-load-balancer-subnets';
import { elbv2TargetGroupOfAnother } from './elbv2-target-group-of-another';
import { eventsSchedule } from './events-schedule';
import { iamAttachedPoliciesQuota } from './iam-attached-policies-quota';
import { iamDuplicateTags } from './iam-duplicate-tags';
import { iamInlinePolicySize } from './iam-inline-policy-size';
import { iamPolicySize } from './iam-policy-size';
import { iamTrustPrincipals } from './iam-trust-principals';
import { kmsAlias } from './kms-alias';
import { kmsKeyPolicy } from './kms-key-policy';
import { lambdaFunctionExists } from './lambda-function-exists';
import { lambdaLimits } from './lambda-limits';
import { lambdaQueueVisibility } from './lambda-queue-visibility';
import { lambdaReservedConcurrency } from './lambda-reserved-concurrency';
import { lambdaRole } from './lambda-role';
import { logsKeyPolicy } from './logs-key-policy';
import { logsRetention } from './logs-retention';
import { rdsDeletion } from './rds-deletion';
import { rdsIdentifier } from './rds-identifier';
import { rdsSubnetGroup } from './rds-subnet-group';
import { route53RecordZone } from './route53-record-zone';
import { s3BucketName } from './s3-bucket-name';
import { s3BucketPolicy } from './s3-bucket-policy';
import { s3LifecycleDays } from './s3-lifecycle-days';
import { sagemakerDomainInUse } from './sagemaker-domain-in-use';
import { sagemakerReferences } from './sagemaker-references';
import { sagemakerRole } from './sagemaker-role';
import { sagemakerTrafficRouting } from './sagemaker-traffic-routing';
import { schedulerRole } from './scheduler-role';
import { schedulerSchedule } from './scheduler-schedule';
import { sqsDeadLetterQueue } from './sqs-dead-letter-queue';
import { sqsQueueAttributes } from './sqs-queue-attributes';
import { sqsQueueName } from './sqs-queue-name';
import { wafv2Association } from './wafv2-association';
import type { Rule } from './rule';

/**
 * What AWS refuses and moto accepts, besides what breaks a model. To add one: a file next to this one, an entry here, and
 * a test that shows the refusal and the nearest request that is accepted. docs/emulator.md lists them (a test compares).
 */
export const RULES: readonly Rule[] = [
  acmCertificateInUse,
  applicationAutoscalingTarget,
  cloudwatchAlarmActions,
  codebuildRole,
  codedeployEcsService,
  codedeployRole,
  codepipelineRole,
  codepipelineStructure,
  ec2AddressInUse,
  ec2InternetGatewayInUse,
  ec2InternetGatewayNeeded,
  ec2Quotas,
  ec2SecurityGroupInUse,
  ec2SecurityGroupRulesQuota,
  ec2SubnetInUse,
  ec2SubnetSize,
  ec2VpcEndpointConflicts,
  ec2VpcInUse,
  ecsClusterInUse,
  ecsExecutionRole,
  ecsFargateSize,
  ecsServiceDeploymentController,
  ecsServiceExists,
  ecsServiceGracePeriod,
  ecsServiceInUse,
  ecsServiceLoadBalancers,
  ecsTaskDefinitionContainers,
  ecsUpdateUnderCodeDeploy,
  elbv2AttributeValues,
  elbv2HealthCheckTimes,
  elbv2ListenerCertificate,
  elbv2LoadBalancerName,
  elbv2LoadBalancerSecurityGroups,
  elbv2LoadBalancerSubnets,
  elbv2TargetGroupOfAnother,
  eventsSchedule,
  iamAttachedPoliciesQuota,
  iamDuplicateTags,
  iamInlinePolicySize,
  iamPolicySize,
  iamTrustPrincipals,
  kmsAlias,
  kmsKeyPolicy,
  lambdaFunctionExists,
  lambdaLimits,
  lambdaQueueVisibility,
  lambdaReservedConcurrency,
  lambdaRole,
  logsKeyPolicy,
  logsRetention,
  rdsDeletion,
  rdsIdentifier,
  rdsSubnetGroup,
  route53RecordZone,
  s3BucketName,
  s3BucketPolicy,
  s3LifecycleDays,
  sagemakerDomainInUse,
  sagemakerReferences,
  sagemakerRole,
  sagemakerTrafficRouting,
  schedulerRole,
  schedulerSchedule,
  sqsDeadLetterQueue,
  sqsQueueAttributes,
  sqsQueueName,
  wafv2Association,
];
