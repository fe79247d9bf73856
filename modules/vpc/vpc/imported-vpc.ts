import { DataAwsRouteTables } from '@cdktf/provider-aws/lib/data-aws-route-tables';
import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import { DataAwsVpcs } from '@cdktf/provider-aws/lib/data-aws-vpcs';
import { Fn, Op, TerraformSelf } from 'cdktf';
import { Construct } from 'constructs';
import { isResolved, Problems, checkName } from '@strata/core';
import type { IVpc } from './vpc-interface';

/**
 * The ids that a data source found, for use in its condition. Conditions compare with 1: cdktf 0.21 writes an operand
 * of 0 as `undefined`.
 */
const FOUND_IDS = TerraformSelf.getAny('ids');

export interface ImportedVpcProps {
  /** Id of the VPC, `vpc-…`. */
  readonly vpcId: string;
  /** Ids of the private subnets, at least one. */
  readonly privateSubnetIds: readonly string[];
  /**
   * Ids of the public subnets.
   * @default none: nothing can face the internet
   */
  readonly publicSubnetIds?: readonly string[];
  /**
   * Ids of the private subnets' route tables.
   * @default the tables that the private subnets are associated with
   */
  readonly privateRouteTableIds?: readonly string[];
  /**
   * Whether the VPC is dual stack, so that its IPv6 block is read.
   * @default false
   */
  readonly ipv6?: boolean;
}

/**
 * A VPC that exists and is managed elsewhere. Nothing is changed in it; what is named is looked up, and a plan fails
 * with the id of whatever is not there.
 *
 * @throws ValidationError naming every invalid prop.
 */
export class ImportedVpc extends Construct implements IVpc {
  readonly dataVpc: DataAwsVpc;

  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly ipv6CidrBlock?: string;
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
  readonly privateRouteTableIds: string[];
  readonly availabilityZones: string[];

  constructor(scope: Construct, id: string, props: ImportedVpcProps) {
    super(scope, id);
    const publicSubnetIds = props.publicSubnetIds ?? [];
    this.check(props);

    const found = new DataAwsVpcs(this, 'vpcs', {
      filter: [{ name: 'vpc-id', values: [props.vpcId] }],
      lifecycle: {
        postcondition: [
          {
            condition: Op.eq(Fn.lengthOf(FOUND_IDS), 1),
            errorMessage:
              `[${this.node.path}] vpcId: ${props.vpcId} does not exist in this account and region; correct ` +
              'the id, the region or the credentials',
          },
        ],
      },
    });
    // Behind the condition above: the provider's own error for a missing VPC does not say which.
    this.dataVpc = new DataAwsVpc(this, 'vpc', { id: props.vpcId, dependsOn: [found] });

    const subnets = this.lookUpSubnets(
      props.vpcId,
      [...new Set([...publicSubnetIds, ...props.privateSubnetIds])],
      found,
    );
    const privateSubnets = props.privateSubnetIds.map(
      (subnetId, i) => new DataAwsSubnet(this, `private-subnet-${i + 1}`, { id: subnetId, dependsOn: [subnets] }),
    );

    this.vpcId = this.dataVpc.id;
    this.cidrBlock = this.dataVpc.cidrBlock;
    this.ipv6CidrBlock = props.ipv6 === true ? this.dataVpc.ipv6CidrBlock : undefined;
    this.publicSubnetIds = [...publicSubnetIds];
    this.privateSubnetIds = [...props.privateSubnetIds];
    this.privateRouteTableIds = this.lookUpRouteTables(props, found).ids;
    this.availabilityZones = privateSubnets.map((subnet) => subnet.availabilityZone);
  }

  private check(props: ImportedVpcProps): void {
    const problems = new Problems(this);
    checkId(problems, 'vpcId', props.vpcId, 'vpc');
    problems.check(
      props.privateSubnetIds.length > 0,
      'privateSubnetIds: is empty; give at least one private subnet, tasks run there',
    );
    checkIds(problems, 'privateSubnetIds', props.privateSubnetIds, 'subnet');
    checkIds(problems, 'publicSubnetIds', props.publicSubnetIds ?? [], 'subnet');
    if (props.privateRouteTableIds !== undefined) {
      problems.check(
        props.privateRouteTableIds.length > 0,
        'privateRouteTableIds: is empty; leave it out to look the tables up',
      );
      checkIds(problems, 'privateRouteTableIds', props.privateRouteTableIds, 'rtb');
    }
    const both = props.privateSubnetIds
      .filter(isResolved)
      .find((subnetId) => props.publicSubnetIds?.includes(subnetId) === true);
    problems.check(
      both === undefined,
      `publicSubnetIds: "${both}" is also in privateSubnetIds; a subnet is one or the other`,
    );
    problems.throwIfAny();
  }

  private lookUpSubnets(vpcId: string, subnetIds: readonly string[], found: DataAwsVpcs): DataAwsSubnets {
    const missing = Fn.setsubtract([...subnetIds], FOUND_IDS);
    return new DataAwsSubnets(this, 'subnets', {
      filter: [
        { name: 'vpc-id', values: [vpcId] },
        { name: 'subnet-id', values: [...subnetIds] },
      ],
      dependsOn: [found],
      lifecycle: {
        postcondition: [
          {
            condition: Op.lt(Fn.lengthOf(missing), 1),
            errorMessage:
              `[${this.node.path}] no such subnets in ${vpcId}: ${Fn.join(', ', missing)}; correct ` +
              'publicSubnetIds and privateSubnetIds',
          },
        ],
      },
    });
  }

  private lookUpRouteTables(props: ImportedVpcProps, found: DataAwsVpcs): DataAwsRouteTables {
    const { vpcId, privateSubnetIds, privateRouteTableIds } = props;
    const common = { vpcId, dependsOn: [found] };
    if (privateRouteTableIds === undefined) {
      return new DataAwsRouteTables(this, 'private-route-tables', {
        ...common,
        filter: [{ name: 'association.subnet-id', values: [...privateSubnetIds] }],
        lifecycle: {
          postcondition: [
            {
              condition: Op.gte(Fn.lengthOf(FOUND_IDS), 1),
              errorMessage:
                `[${this.node.path}] privateSubnetIds: none of them has an explicit route table association in ` +
                `` +
                `${vpcId}; list the tables in privateRouteTableIds`,
            },
          ],
        },
      });
    }
    const missing = Fn.setsubtract([...privateRouteTableIds], FOUND_IDS);
    return new DataAwsRouteTables(this, 'private-route-tables', {
      ...common,
      filter: [{ name: 'route-table-id', values: [...privateRouteTableIds] }],
      lifecycle: {
        postcondition: [
          {
            condition: Op.lt(Fn.lengthOf(missing), 1),
            errorMessage:
              `[${this.node.path}] no such route tables in ${vpcId}: ${Fn.join(', ', missing)}; correct ` +
              'privateRouteTableIds',
          },
        ],
      },
    });
  }
}

function checkIds(problems: Problems, key: string, ids: readonly string[], prefix: string): void {
  ids.forEach((id, i) => checkId(problems, `${key}[${i}]`, id, prefix));
  const known = ids.filter(isResolved);
  const twice = known.find((id, i) => known.indexOf(id) !== i);
  problems.check(twice === undefined, `${key}: "${twice}" is listed twice; list each id once`);
}

function checkId(problems: Problems, key: string, id: string, prefix: string): void {
  checkName(problems, key, id, {
    what: `${prefix} id`,
    maxLength: 30,
    pattern: new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
    allowed: `"${prefix}-" and 8 to 17 hexadecimal digits`,
  });
}
