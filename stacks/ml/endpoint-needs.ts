// What the layer needs of a network without NAT. Loads no construct.
import type { EndpointNeeds } from '@strata/core/rules';
import type { EndpointConfig } from './endpoint-config';
import type { StudioConfig } from './studio-config';
import type { TrainingConfig } from './training-config';

interface Parts {
  readonly studio: StudioConfig | false;
  readonly training: Pick<TrainingConfig, 'vpc'>;
  readonly endpoint: Pick<EndpointConfig, 'vpc' | 'enableSsmAccess'>;
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html */
const STUDIO = [
  'sagemaker:DescribeDomain',
  'sagemaker:InvokeEndpoint',
  's3:GetObject',
  'ecr:BatchGetImage',
  'logs:PutLogEvents',
  'sts:AssumeRole',
  'elasticfilesystem:ClientMount',
];
const CONTAINERS = ['s3:GetObject', 'ecr:BatchGetImage', 'logs:PutLogEvents', 'cloudwatch:PutMetricData'];

/**
 * What Studio, jobs and containers in the private subnets talk to in AWS: what the network layer derives its VPC
 * endpoints from.
 */
export function endpointNeeds({ studio, training, endpoint }: Parts): EndpointNeeds[] {
  return [
    ...(studio !== false && studio.networkAccess === 'VpcOnly' ? [{ actions: STUDIO }] : []),
    ...(training.vpc || endpoint.vpc ? [{ actions: CONTAINERS }] : []),
    ...(endpoint.vpc && (endpoint.enableSsmAccess ?? false) ? [{ actions: ['ssmmessages:OpenDataChannel'] }] : []),
  ];
}
