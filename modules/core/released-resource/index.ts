export { ReleasedResource, type ReleasedResourceProps } from './released-resource';
