export { AwsAccount } from './aws-account';
