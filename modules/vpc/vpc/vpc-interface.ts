/** A VPC, created here or imported, as other constructs see it. */
export interface IVpc {
  readonly vpcId: string;
  /** IPv4 block of the whole VPC. */
  readonly cidrBlock: string;
  /** IPv6 block of the whole VPC, when it is dual stack. */
  readonly ipv6CidrBlock?: string;
  /** Subnets with a route to the internet gateway. */
  readonly publicSubnetIds: string[];
  /** Subnets without one, in the order of `availabilityZones`. */
  readonly privateSubnetIds: string[];
  /** Route tables of the private subnets, where gateway endpoints belong. */
  readonly privateRouteTableIds: string[];
  /** Zones of the private subnets, one per subnet. */
  readonly availabilityZones: string[];
}
