export {
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
  type DnsRecord,
  type IpAddressType,
  type ListenerTargets,
} from './application-load-balancer';
export { AccessLogsBucket, type AccessLogsBucketProps } from './access-logs-bucket';
export { DnsValidatedCertificate, type DnsValidatedCertificateProps } from './dns-validated-certificate';
export {
  LoadBalancerSecurityGroup,
  type LoadBalancerSecurityGroupProps,
  type TrafficSource,
} from './load-balancer-security-group';
export type { DesyncMitigationMode, LoadBalancerOptions } from './load-balancer-options';
export { LOAD_BALANCER_NAME, TARGET_GROUP_NAME } from './names';
export { TargetGroup, type TargetGroupProps } from './target-group';
export type {
  LoadBalancingAlgorithm,
  TargetGroupOptions,
  TargetProtocol,
  TargetProtocolVersion,
} from './target-group-options';
