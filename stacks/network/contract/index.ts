import manifest from '@strata/network-contract/package.json';
import { defineContract, t } from '@strata/contract';

/** What the network layer promises: where other layers put what they make. */
export const networkContract = defineContract({
  layer: 'network',
  owner: 'platform-network',
  version: manifest.version,
  outputs: {
    vpcId: { type: t.string, description: 'Id of the VPC', example: 'vpc-0f1e2d3c4b5a69788' },
    vpcCidrBlock: { type: t.string, description: 'IPv4 block of the VPC', example: '10.0.0.0/16' },
    vpcIpv6CidrBlock: { type: t.string, description: 'IPv6 block of the VPC; empty where it has none', example: '' },
    ipv6Enabled: { type: t.bool, description: 'Whether the VPC is dual stack', example: false },
    availabilityZones: {
      type: t.list(t.string),
      description: 'Zones of the private subnets, one a subnet',
      example: ['ap-northeast-2a', 'ap-northeast-2b'],
    },
    publicSubnetIds: {
      type: t.list(t.string),
      description: 'Subnets that are reachable from the internet, for load balancers',
      example: ['subnet-0a1b2c3d4e5f60710', 'subnet-0a1b2c3d4e5f60711'],
    },
    privateSubnetIds: {
      type: t.list(t.string),
      description: 'Subnets that are not, for tasks; in the order of the zones',
      example: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
    },
    privateRouteTableIds: {
      type: t.list(t.string),
      description: 'Route tables of the private subnets',
      example: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
    },
    natMode: {
      type: t.string,
      description: 'How private subnets reach the internet: none, single, per-az; unknown for an imported VPC',
      example: 'single',
    },
    natPublicIps: {
      type: t.list(t.string),
      description: 'Public IPv4 addresses that connections from the private subnets come from',
      example: ['203.0.113.7'],
    },
    vpcEndpointServices: {
      type: t.list(t.string),
      description: 'AWS services with a VPC endpoint made by this layer, such as s3 or ecr.api',
      example: ['s3'],
    },
  },
});
