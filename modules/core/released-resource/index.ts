export { ReleasedResource } from './released-resource';
