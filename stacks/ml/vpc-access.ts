import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';

export interface VpcAccessProps {
  /** Name of the security group. */
  readonly name: string;
  readonly vpcId: string;
  readonly subnetIds: string[];
}

/**
 * What jobs and containers get in the VPC: the private subnets, and a security group that lets them reach AWS and each
 * other, and allows no other ingress.
 */
export class VpcAccess extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];

  constructor(scope: Construct, id: string, props: VpcAccessProps) {
    super(scope, id);
    const { name, vpcId, subnetIds } = props;
    this.subnetIds = subnetIds;
    this.securityGroup = new SecurityGroup(this, 'security-group', {
      name,
      description: 'SageMaker jobs and containers',
      vpcId,
      tags: { Name: name },
      // A group in use cannot be deleted: on replacement, what is connected moves to the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
    const securityGroupId = this.securityGroup.id;
    this.securityGroupIds = [securityGroupId];
    const itself = {
      securityGroupId,
      description: 'Between the instances of a job',
      ipProtocol: 'tcp',
      fromPort: 0,
      toPort: 65535,
      referencedSecurityGroupId: securityGroupId,
    };
    new VpcSecurityGroupIngressRule(this, 'from-itself', itself);
    new VpcSecurityGroupEgressRule(this, 'to-itself', itself);
    new VpcSecurityGroupEgressRule(this, 'to-https', {
      securityGroupId,
      description: 'TLS',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      cidrIpv4: '0.0.0.0/0',
    });
  }
}
