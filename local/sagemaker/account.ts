/** The region and account that everything here belongs to. AWS never assigns this account number. */
export const account = { region: 'ap-northeast-2', accountId: '000000000000' } as const;

/**
 * The ARN of a resource of SageMaker here, such as `endpoint/image-classifier`. SageMaker writes names in lower case
 * there.
 */
export function sagemakerArn(resource: string): string {
  return `arn:aws:sagemaker:${account.region}:${account.accountId}:${resource.toLowerCase()}`;
}
