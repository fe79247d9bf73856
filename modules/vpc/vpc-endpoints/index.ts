export { VpcEndpoints, type VpcEndpointsProps } from './vpc-endpoints';
export { requiredEndpoints, type EndpointNeeds, type RequiredEndpoints } from './required-endpoints';
