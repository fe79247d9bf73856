// What AWS allows, as data and checks without cdktf.
export {
  loadBalancerOptions,
  loadBalancerProblems,
  type DesyncMitigationMode,
  type LoadBalancerOptions,
  type LoadBalancerSetting,
} from './application-load-balancer/load-balancer-options';
export {
  CERTIFICATE_NAME,
  HOST_NAME,
  LOAD_BALANCER_NAME,
  SOURCE_NAME,
  TARGET_GROUP_NAME,
} from './application-load-balancer/names';
export {
  targetGroupOptions,
  targetGroupProblems,
  type LoadBalancingAlgorithm,
  type TargetGroupOptions,
  type TargetProtocol,
  type TargetProtocolVersion,
} from './application-load-balancer/target-group-options';
