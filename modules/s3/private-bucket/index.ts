export { PrivateBucket } from './private-bucket';
export { type BucketCors, type ExpiringPrefix, type PrivateBucketProps } from './private-bucket-props';
export { checkPrivateBucketProps } from './check-private-bucket-props';
export { type BucketPolicyStatement, type MinimumTlsVersion } from './bucket-policy';
