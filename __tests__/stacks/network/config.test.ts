import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { checkConfig } from '@strata/core/config';
import { networkConfig, type NetworkConfigInput } from '@strata/stack-network/config';

const problemsOf = (config: NetworkConfigInput) => checkConfig(networkConfig, config, 'network').problems;
const VPC = { vpcId: 'vpc-0f1e2d3c4b5a69788', privateSubnetIds: ['subnet-0a1b2c3d'] };

test('the defaults', () => {
  expect(networkConfig.parse({})).toEqual({
    name: 'app-vpc',
    vpcEndpoints: { derive: 'without-nat', interface: [], ignoredActions: [] },
  });
});

test.each<[NetworkConfigInput, string]>([
  [
    { natGateways: 'singel' as 'single' },
    'natGateways: "singel" is not allowed; use one of "none", "single", "per-az"; did you mean "single"?',
  ],
  [{ natGateway: 'single' } as NetworkConfigInput, 'natGateway: unknown key; allowed are namePrefix, name, cidrBlock,'],
  [
    { cidrBlock: '10.0.0.0/8' },
    'cidrBlock: "10.0.0.0/8" is not allowed; it is larger than a VPC may be, /16 to /28; use "10.0.0.0/16"',
  ],
  [{ cidrBlock: '10.0.7.0/16' }, 'cidrBlock: "10.0.7.0/16" is not allowed; it has host bits set; use "10.0.0.0/16"'],
  [
    { cidrBlock: '10.0.0.0/27', publicSubnetCidrBlocks: ['10.0.0.0/28', '10.0.0.16/28'] },
    'cidrBlock: "10.0.0.0/27" is not allowed; privateSubnetPrefixLength: the default 28 does not fit 2 times into half of "10.0.0.0/27"; use a VPC of /26 or larger',
  ],
  [
    { privateSubnetPrefixLength: 17 },
    'privateSubnetPrefixLength: 17 is not allowed; it does not fit 2 times into half of "10.0.0.0/16"; use 18 or more',
  ],
  [
    { publicSubnetCidrBlocks: ['10.0.0.0/24', '10.1.1.0/24'] },
    'publicSubnetCidrBlocks[1]: "10.1.1.0/24" is not allowed; it is not in the VPC\'s "10.0.0.0/16"; use a range inside of it',
  ],
  [
    { publicSubnetCidrBlocks: ['10.0.0.0/24'] },
    'publicSubnetCidrBlocks: ["10.0.0.0/24"] is not allowed; 1 given for 2 zones; list one per zone',
  ],
  [{ availabilityZoneCount: 7 }, 'availabilityZoneCount: 7 is not allowed; use at most 6'],
  [
    { availabilityZones: ['a', 'b'], availabilityZoneCount: 3 },
    'availabilityZoneCount: 3 is not allowed; leave it out, availabilityZones has 2',
  ],
  [{ availabilityZones: ['a', 'a'] }, 'availabilityZones: ["a","a"] is not allowed; give each zone once'],
  [
    { importVpc: { ...VPC, vpcId: 'app-vpc' } },
    'importVpc.vpcId: "app-vpc" is not allowed; use "vpc-" and 8 to 17 hexadecimal digits',
  ],
  [{ importVpc: { ...VPC, privateSubnetIds: [] } }, 'importVpc.privateSubnetIds: has too few entries; use at least 1'],
  [
    { importVpc: VPC, cidrBlock: '10.1.0.0/16' },
    'cidrBlock: "10.1.0.0/16" is not allowed; leave it out with importVpc, the VPC has its own',
  ],
  [
    { importVpc: VPC, natGateways: 'none' },
    'natGateways: "none" is not allowed; leave it out with importVpc, the VPC has its own',
  ],
  // As a new VPC would have it, which says nothing of this one.
  [
    { importVpc: VPC, natGateways: 'single' },
    'natGateways: "single" is not allowed; leave it out with importVpc, the VPC has its own',
  ],
  [{ importVpc: VPC, cidrBlock: '10.0.0.0/16' }, 'cidrBlock: "10.0.0.0/16" is not allowed; leave it out'],
  [{ importVpc: VPC, ipv6: false }, 'ipv6: false is not allowed; leave it out with importVpc'],
  [{ flowLogs: { retentionDays: 8 as 7 } }, 'flowLogs.retentionDays: 8 is not allowed; use one of 1, 3, 5, 7, 14'],
  [
    { flowLogs: { destination: 's3' } },
    'flowLogs.destination: "s3" is not allowed; it goes with bucketArn, the ARN of a bucket; add that',
  ],
  [
    { flowLogs: { bucketArn: 'arn:aws:s3:::logs' } },
    'flowLogs.bucketArn: "arn:aws:s3:::logs" is not allowed; leave it out with destination cloud-watch-logs',
  ],
  [
    { flowLogs: { destination: 's3', bucketArn: 'arn:aws:s3:::logs', retentionDays: 7 } },
    'flowLogs.retentionDays: 7 is not allowed; leave it out with destination s3, the bucket has its own',
  ],
  [
    { vpcEndpoints: { gateway: ['logs' as 's3'] } },
    'vpcEndpoints.gateway[0]: "logs" is not allowed; use one of "s3", "dynamodb", "s3express"',
  ],
])('%j is refused', (config, problem) => {
  expect(problemsOf(config)).toEqual([expect.stringContaining(`network.${problem}`)]);
});

test('several mistakes are told at once', () => {
  expect(problemsOf({ cidrBlock: '10.0.0.0/8', availabilityZones: ['a', 'a'] })).toHaveLength(2);
});

test.each(['config', 'contract/index'])('%s.ts loads neither cdktf nor constructs', (entry) => {
  const script = `
    require('tsx/cjs');
    const Module = require('node:module');
    const load = Module._load;
    Module._load = function (request, ...rest) {
      if (/cdktf|^constructs/.test(request)) { console.log(request); process.exit(3); }
      return load.call(this, request, ...rest);
    };
    console.log(Object.keys(require('./stacks/network/${entry}.ts')).sort().join());
  `;
  const result = spawnSync(process.execPath, ['-e', script], {
    cwd: path.resolve(__dirname, '../../..'),
    encoding: 'utf8',
  });
  expect({ status: result.status, stdout: result.stdout.trim(), stderr: result.stderr }).toEqual({
    status: 0,
    stdout: entry === 'config' ? 'networkConfig' : 'networkContract',
    stderr: '',
  });
});
