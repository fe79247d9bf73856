/** A finding that is no surprise: in which policies, and what it says. */
export interface ReviewedFinding {
  readonly policy: RegExp;
  readonly problem: string;
}

/** Statements that are as they shall be, each with the reason. */
export const ON_PURPOSE: readonly (ReviewedFinding & { readonly reason: string })[] = [
  {
    policy: /^compute .*app-was_task-definition_task-role-policy\.policy, 2 \(iam:ListRoles\)/,
    problem: 'never matches: it can be granted on "*" only',
    reason: "a variant's own permissions, which only show which endpoints of the VPC they need",
  },
];

/** Faults that are known and not yet gone, each with what would be right. This list only gets shorter. */
export const KNOWN_FINDINGS: readonly (ReviewedFinding & { readonly fix: string })[] = [
  {
    policy: /^ci-cd .*action-deploy-.*, RegisterTaskDefinition/,
    problem: 'ecs:RegisterTaskDefinition on "*"',
    fix: "task-definition/<the service's family>:*",
  },
  {
    policy: /^ci-cd .*action-deploy-.*, CreateDeployment/,
    problem: 'codedeploy:StopDeployment never matches',
    fix: 'a statement of its own on "*", or without it',
  },
  {
    policy: /^ci-cd .*action-source.*, UseConnection/,
    problem: 'codeconnections:UseConnection never matches',
    fix: 'the action of the prefix that the ARN of the connection has, or both forms of the ARN',
  },
  {
    policy: /^ml .*deploy_function_role_policy\.policy, ReadVersions/,
    problem: 'is nothing that its actions are about',
    fix: "the group's ARN left out: both actions are about model-package/<group>/*",
  },
  {
    policy: /^ml .*deploy_function_role_policy\.policy, RegisterScaling/,
    problem: 'application-autoscaling:TagResource never matches',
    fix: 'a statement of its own without the condition, or without it where nothing is tagged',
  },
  ...[
    'CreateNetworkInterface',
    'CreateNetworkInterfacePermission',
    'DeleteNetworkInterface',
    'DeleteNetworkInterfacePermission',
  ].map((action) => ({
    policy: /^ml .*(studio-role|hosting_role|training_role)_policy\.policy, ConnectToVpc/,
    problem: `ec2:${action} on "*"`,
    fix: 'network-interface/*, and the subnets and security groups that the layer gives; not for people at all',
  })),
  {
    policy: /^ml .*studio-role_policy\.policy, ViewResources/,
    problem: 'sagemaker:Describe* on "*"',
    fix: 'the kinds of resources that the layer makes, by name',
  },
  {
    policy: /^ml .*studio-role_policy\.policy, ViewResources/,
    problem: 'sagemaker:List* on "*"',
    fix: 'the lists that Studio shows, by name',
  },
  {
    policy: /^network .*flow-logs_role-policy\.policy/,
    problem: 'logs:DescribeLogGroups never matches',
    fix: 'a statement of its own on "*"',
  },
];
