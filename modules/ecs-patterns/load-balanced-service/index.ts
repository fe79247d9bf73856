export { LoadBalancedService, type Caller, type LoadBalancedServiceProps } from './load-balanced-service';
export { serviceNames, type Exposure, type ServiceNames } from './service-names';
