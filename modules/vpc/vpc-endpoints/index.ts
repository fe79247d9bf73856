export { VpcEndpoints, type VpcEndpointsProps } from './vpc-endpoints';
