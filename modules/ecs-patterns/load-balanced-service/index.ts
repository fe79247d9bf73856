export { LoadBalancedService, type Caller, type LoadBalancedServiceProps } from './load-balanced-service';
export { serviceNames, type ServiceNames } from './service-names';
export type { Exposure, ServiceHttps, ServiceOptions } from './service-options';
