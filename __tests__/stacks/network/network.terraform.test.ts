import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';
import { json, VPC, type Options } from './synth';

const needs = [
  {
    ecrImages: true,
    cloudWatchLogs: true,
    secretsManagerSecrets: true,
    actions: ['sagemaker:InvokeEndpoint', 'dynamodb:GetItem'],
  },
];

const VARIANTS: Record<string, Options> = {
  'every default': {},
  'state in S3': { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } },
  'NAT in each of three zones, dual stack, flow logs, endpoints': {
    config: {
      availabilityZoneCount: 3,
      natGateways: 'per-az',
      ipv6: true,
      flowLogs: {},
      vpcEndpoints: { derive: 'always' },
    },
    endpointNeeds: needs,
  },
  'no NAT, named zones, flow logs in S3': {
    config: {
      availabilityZones: ['ap-northeast-2a', 'ap-northeast-2c'],
      natGateways: 'none',
      flowLogs: { destination: 's3', bucketArn: 'arn:aws:s3:::logs' },
    },
    endpointNeeds: needs,
  },
  'an imported VPC': {
    config: { importVpc: { ...VPC, ipv6: true }, flowLogs: {}, vpcEndpoints: { derive: 'always' } },
    endpointNeeds: needs,
  },
  'an imported VPC with named route tables': {
    config: { importVpc: { ...VPC, privateRouteTableIds: ['rtb-0a1b2c3d'] } },
  },
};

terraformTest('the layer is valid for the AWS provider, without a warning', () => {
  const found = validateStacks(
    Object.fromEntries(Object.entries(VARIANTS).map(([name, options]) => [name, json(options)])),
  );
  expect(found).toEqual(Object.fromEntries(Object.keys(VARIANTS).map((name) => [name, []])));
});
