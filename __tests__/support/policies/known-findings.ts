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
  {
    policy: /^jobs .*, ConnectToVpc: ec2:/,
    problem: ' on "*", where AWS takes ',
    reason: 'what Lambda needs for a function in a VPC, as AWSLambdaVPCAccessExecutionRole of AWS has it',
  },
];

/** Faults that are known and not yet gone, each with what would be right. This list only gets shorter. */
export const KNOWN_FINDINGS: readonly (ReviewedFinding & { readonly fix: string })[] = [];
