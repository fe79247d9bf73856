export { PrivateBucket, type PrivateBucketProps } from './private-bucket';
export { requirePrivateBucketProps } from './require-private-bucket-props';
export { type BucketPolicyStatement, type MinimumTlsVersion } from './bucket-policy';
