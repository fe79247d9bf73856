export { Vpc, type VpcProps, type NatGateways } from './vpc';
export { ImportedVpc, type ImportedVpcProps } from './imported-vpc';
export { type IVpc } from './vpc-interface';
export { FlowLogs, type FlowLogsProps, type FlowLogsDestination, type FlowLogsTrafficType } from './flow-logs';
