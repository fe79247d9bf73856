/**
 * The name of an AWS region, in any partition: `ap-northeast-2`, `us-gov-west-1`, `cn-north-1`, `eusc-de-east-1`.
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 */
export const AWS_REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
