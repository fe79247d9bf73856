import type { DescribeEndpointCommandOutput } from '@aws-sdk/client-sagemaker';

/** An endpoint as `DescribeEndpoint` returns it. */
export type EndpointState = DescribeEndpointCommandOutput;

/**
 * States that an endpoint leaves by itself.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (EndpointStatus)
 */
const CHANGING = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'];

export const isChanging = (status: string | undefined): boolean => CHANGING.includes(status ?? '');
