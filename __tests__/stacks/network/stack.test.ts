import { networkContract } from '@strata/stack-network';
import type { EndpointNeeds } from '@strata/core/rules';
import { outputName } from '@strata/contract';
import { layerSnapshot } from '../../support/synth-layer';
import { json, synth, VPC } from './synth';

const WEB: EndpointNeeds = { ecrImages: true, cloudWatchLogs: true };
const WAS: EndpointNeeds = { ...WEB, ecsExec: true, actions: ['sagemaker:InvokeEndpoint', 'dynamodb:GetItem'] };

describe('ids never change by accident', () => {
  test('with every default', () => {
    expect(layerSnapshot(json())).toMatchSnapshot();
  });

  test('with everything that can be switched on', () => {
    expect(
      layerSnapshot(
        json({
          config: {
            availabilityZones: ['ap-northeast-2a', 'ap-northeast-2b', 'ap-northeast-2c'],
            natGateways: 'per-az',
            ipv6: true,
            flowLogs: {},
            vpcEndpoints: { derive: 'always' },
          },
          endpointNeeds: [WEB, WAS],
        }),
      ),
    ).toMatchSnapshot();
  });

  test('with an imported VPC', () => {
    expect(layerSnapshot(json({ config: { importVpc: VPC } }))).toMatchSnapshot();
  });
});

test("every output of the contract is published, under its name, with the contract's version", () => {
  for (const options of [
    {},
    { config: { importVpc: VPC } },
    { config: { natGateways: 'none' as const, ipv6: true } },
  ]) {
    const { outputs } = synth(options);
    expect(Object.keys(outputs).sort()).toEqual(
      [...Object.keys(networkContract.outputs).map(outputName), 'contract_name', 'contract_version'].sort(),
    );
    expect(outputs).toMatchObject({ contract_name: 'network', contract_version: networkContract.version });
  }
});

test('outputs tell what there is', () => {
  expect(synth().outputs).toMatchObject({
    nat_mode: 'single',
    ipv6_enabled: false,
    vpc_ipv6_cidr_block: '',
    vpc_endpoint_services: ['s3'],
  });
  expect(synth().outputs.private_subnet_ids).toHaveLength(2);
  expect(synth().outputs.nat_public_ips).toHaveLength(1);
  const { outputs } = synth({ config: { natGateways: 'none', ipv6: true, availabilityZoneCount: 3 } });
  expect(outputs).toMatchObject({ nat_mode: 'none', ipv6_enabled: true, nat_public_ips: [] });
  expect(outputs.private_subnet_ids).toHaveLength(3);
  expect(outputs.vpc_ipv6_cidr_block).toContain('ipv6_cidr_block');
});

test('the layer is tagged with project, environment, layer, version and owner', () => {
  expect(synth().provider.aws[0]!.default_tags).toEqual([
    {
      tags: {
        project: 'shop',
        environment: 'dev',
        layer: 'network',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        owner: 'platform-network',
      },
    },
  ]);
});

describe('VPC endpoints', () => {
  test('with NAT there is the free one only, whatever services need', () => {
    expect(synth({ endpointNeeds: [WEB, WAS] }).endpointServices).toEqual(['s3']);
  });

  test('without NAT there are those that the services need', () => {
    expect(synth({ config: { natGateways: 'none' }, endpointNeeds: [WEB, WAS] }).endpointServices).toEqual([
      'dynamodb',
      'ecr.api',
      'ecr.dkr',
      'logs',
      's3',
      'sagemaker.runtime',
      'ssmmessages',
    ]);
  });

  test('derive "always" makes them with NAT too, "never" makes none', () => {
    expect(synth({ config: { vpcEndpoints: { derive: 'always' } }, endpointNeeds: [WEB] }).endpointServices).toEqual([
      'ecr.api',
      'ecr.dkr',
      'logs',
      's3',
    ]);
    expect(
      synth({ config: { natGateways: 'none', vpcEndpoints: { derive: 'never' } }, endpointNeeds: [WEB] })
        .endpointServices,
    ).toEqual(['s3']);
  });

  test('can be added to, and left out', () => {
    expect(
      synth({ config: { vpcEndpoints: { gateway: ['dynamodb'], interface: ['kms', 'sqs'] } } }).endpointServices,
    ).toEqual(['dynamodb', 'kms', 'sqs']);
    expect(synth({ config: { vpcEndpoints: { gateway: [] } } }).endpointServices).toEqual([]);
    expect(
      synth({ config: { natGateways: 'none', vpcEndpoints: { interface: ['logs'] } }, endpointNeeds: [WEB] })
        .endpointServices,
    ).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3']);
  });

  const unreachable = [{ actions: ['iam:ListRoles', 'sqs:SendMessage', 'route53:*'] }];

  test('without NAT, services that no endpoint is known for are refused', () => {
    expect(() => synth({ config: { natGateways: 'none' }, endpointNeeds: unreachable })).toThrow(
      '[network] natGateways: "none" leaves services without a way to call iam:ListRoles, route53:*, for which no VPC endpoint is known; use "single"',
    );
  });

  test('with NAT, or when they are said to work, they are not', () => {
    expect(synth({ endpointNeeds: unreachable }).endpointServices).toEqual(['s3']);
    expect(
      synth({ config: { vpcEndpoints: { derive: 'always' } }, endpointNeeds: unreachable }).endpointServices,
    ).toEqual(['s3', 'sqs']);
    const ignoredActions = ['iam:ListRoles', 'route53:*'];
    expect(
      synth({ config: { natGateways: 'none', vpcEndpoints: { ignoredActions } }, endpointNeeds: unreachable })
        .endpointServices,
    ).toEqual(['s3', 'sqs']);
  });
});

describe('an imported VPC', () => {
  const imported = synth({ config: { importVpc: VPC }, endpointNeeds: [WEB] });

  test('is looked up and left alone', () => {
    expect(Object.keys(imported.resource!)).toEqual(['terraform_data']);
    expect(Object.keys(imported.data)).toEqual(expect.arrayContaining(['aws_vpcs', 'aws_subnets', 'aws_route_tables']));
    expect(imported.outputs).toMatchObject({
      nat_mode: 'unknown',
      private_subnet_ids: VPC.privateSubnetIds,
      public_subnet_ids: VPC.publicSubnetIds,
      nat_public_ips: [],
    });
  });

  test('gets endpoints when told', () => {
    const { endpointServices } = synth({
      config: { importVpc: VPC, vpcEndpoints: { derive: 'always' } },
      endpointNeeds: [WEB],
    });
    expect(endpointServices).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3']);
  });

  test('can have flow logs', () => {
    expect(synth({ config: { importVpc: VPC, flowLogs: {} } }).resources('aws_flow_log')).toHaveLength(1);
  });
});

describe('flow logs', () => {
  test('are off unless told', () => {
    expect(synth().resources('aws_flow_log')).toEqual([]);
  });

  test('have a log group for the project and environment', () => {
    const logs = synth({ config: { flowLogs: { retentionDays: 7, trafficType: 'REJECT' } } });
    expect(logs.resources('aws_cloudwatch_log_group')).toEqual([
      expect.objectContaining({ name: '/shop/dev/vpc-flow-logs', retention_in_days: 7 }),
    ]);
    expect(logs.resources('aws_flow_log')).toEqual([
      expect.objectContaining({ traffic_type: 'REJECT', max_aggregation_interval: 600 }),
    ]);
  });

  test('go to a bucket when told', () => {
    const logs = synth({ config: { flowLogs: { destination: 's3', bucketArn: 'arn:aws:s3:::logs' } } });
    expect(logs.resources('aws_flow_log')).toEqual([expect.objectContaining({ log_destination: 'arn:aws:s3:::logs' })]);
    expect(logs.resources('aws_cloudwatch_log_group')).toEqual([]);
  });
});

test("a wrong config is refused with the layer's name in front", () => {
  expect(() => synth({ config: { cidrBlock: '10.0.0.0/8' } })).toThrow(
    'network.cidrBlock: "10.0.0.0/8" is not allowed; it is larger than a VPC may be',
  );
});
