import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { AwsAccount } from '@strata/core';
import type { LoadBalancedService } from '@strata/ecs-patterns';
import { jobsContract } from '@strata/jobs-contract';
import { Fn, Op, Token, type IResolvable, type TerraformStack } from 'cdktf';

/** How the jobs layer is read, which long work is handed in to. */
export type JobsLayer = 'if-deployed' | 'required' | 'none';

/** What services hand work in to. */
export interface JobsApi {
  readonly apiUrl: string;
  readonly submitFunctionArn: string;
  readonly statusFunctionArn: string;
  readonly bucketName: string;
  readonly submitterPolicyArn: string;
}

/** What is read of the jobs layer's contract until it is deployed: nobody is offered anything. */
export const NO_JOBS: JobsApi = {
  apiUrl: '',
  submitFunctionArn: '',
  statusFunctionArn: '',
  bucketName: '',
  submitterPolicyArn: '',
};

/** The jobs layer as services find it. */
export interface JobsReading {
  readonly outputs: JobsApi;
  readonly isDeployed: boolean | IResolvable;
}

/** What a service that hands in work is told; an empty value counts as none. */
export function submitterEnvironment(
  { outputs, isDeployed }: JobsReading,
  props: { readonly region: string; readonly natMode: string; readonly roleArn: string; readonly hasPublicIp: boolean },
): Record<string, string> {
  if (isDeployed === false) return {};
  // There are no private HTTP APIs, and without NAT the public address is out of reach: the functions behind it are
  // invoked through the VPC endpoint of Lambda.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
  const functionArn = (arn: string): string => Token.asString(Fn.conditional(Op.eq(props.natMode, 'none'), arn, ''));
  return {
    JOBS_API_URL: outputs.apiUrl,
    JOBS_REGION: props.region,
    ...(props.hasPublicIp
      ? {}
      : {
          JOBS_SUBMIT_FUNCTION_ARN: functionArn(outputs.submitFunctionArn),
          JOBS_STATUS_FUNCTION_ARN: functionArn(outputs.statusFunctionArn),
          // A function that is invoked is not told by whom.
          JOBS_CALLER_ROLE_ARN: functionArn(props.roleArn),
        }),
  };
}

/** What a service is told whose page uploads files: the origin that browsers upload to. */
export function pageEnvironment(
  stack: TerraformStack,
  { outputs: { bucketName }, isDeployed }: JobsReading,
  region: string,
): Record<string, string> {
  if (isDeployed === false) return {};
  const host = `s3.${region}.${AwsAccount.of(stack).dnsSuffix}`;
  // The certificate of S3 is for one label before "s3", so a bucket with dots in its name is in the path.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
  const hasDots = Op.gt(Fn.lengthOf(Fn.split('.', bucketName)), 1);
  const origin = Fn.conditional(hasDots, `https://${host}`, `https://${bucketName}.${host}`);
  return { JOBS_UPLOAD_ORIGIN: Token.asString(isDeployed === true ? origin : Fn.conditional(isDeployed, origin, '')) };
}

/** Lets a service's tasks hand in work, before the first of them starts. */
export function attachSubmitterPolicy(
  stack: TerraformStack,
  name: string,
  { taskDefinition }: LoadBalancedService,
  { outputs, isDeployed }: JobsReading,
): void {
  if (isDeployed === false) return;
  const attachment = new IamRolePolicyAttachment(stack, `${name}-submits-jobs`, {
    role: taskDefinition.taskRole.name,
    policyArn: outputs.submitterPolicyArn,
  });
  if (isDeployed !== true) attachment.addOverride('count', Fn.conditional(isDeployed, 1, 0));
  const { resource } = taskDefinition;
  const address = `${attachment.terraformResourceType}.${attachment.friendlyUniqueId}`;
  resource.dependsOn = [...(resource.dependsOn ?? []), address];
}

/** Makes Terraform report, after each plan and apply, that nobody takes long work yet, and what to do. */
export function noteMissingJobs(
  stack: TerraformStack,
  services: readonly string[],
  isDeployed: boolean | IResolvable,
): void {
  stack.addOverride('check.jobs_layer_is_deployed', {
    assert: [
      {
        // Terraform requires a condition to refer to something; the workspace always exists.
        condition: isDeployed === false ? '${terraform.workspace == ""}' : isDeployed,
        error_message:
          `layer "${jobsContract.layer}" is not deployed: ${services.join(', ')} cannot hand in work yet, and the page ` +
          `does not offer it. Next: cdktf deploy ${jobsContract.layer}, and this layer again.`,
      },
    ],
  });
}
