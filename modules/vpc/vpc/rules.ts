// Loads no construct: a configuration can be checked against AWS's rules for a VPC without cdktf.
export { subnetLayout, defaultSubnetPrefixLength, type SubnetLayout, type SubnetLayoutProps } from './subnet-layout';
export { type ProblemReport } from './cidr-rules';
