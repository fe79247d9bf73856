import { isResolved, checkInteger, checkOneOf, type Problems } from '@strata/core';
import { KMS_KEY_ARN } from '@strata/core/rules';
import { checkBucketName, checkBucketNamePrefix } from './names';
import type { PrivateBucketProps } from './private-bucket-props';

/**
 * Adds every problem of a bucket's props. A construct that creates a bucket passes its own problems, so that one error
 * names that construct and lists everything.
 * @param what what the error message calls the bucket
 */
export function checkPrivateBucketProps(problems: Problems, props: PrivateBucketProps, what = 'bucket'): void {
  const { bucketName, bucketNamePrefix } = props;
  problems.check(
    bucketName !== undefined || bucketNamePrefix !== undefined,
    'bucketName: is missing; set it, or set bucketNamePrefix to generate a name',
  );
  problems.check(
    bucketName === undefined || bucketNamePrefix === undefined,
    `bucketNamePrefix: "${bucketNamePrefix}" and bucketName "${bucketName}" are both set; leave one of them out`,
  );
  checkBucketName(problems, 'bucketName', bucketName);
  checkBucketName(problems, 'accessLogsBucketName', props.accessLogsBucketName);
  checkInteger(problems, 'expirationDays', props.expirationDays, { min: 1, max: 3650, unit: 'days' });
  for (const [i, origin] of (props.cors?.origins ?? []).entries()) {
    problems.check(
      !isResolved(origin) || /^https?:\/\/[^/?#\s]+$/.test(origin),
      `cors.origins[${i}]: "${origin}" is not an origin; write scheme, host and, if need be, port, such as ` +
        '"https://shop.example.com"',
    );
  }
  for (const [i, { prefix, days }] of (props.expiringPrefixes ?? []).entries()) {
    const key = `expiringPrefixes[${i}]`;
    problems.check(prefix !== '', `${key}.prefix: "" is every object; use expirationDays for the whole bucket`);
    problems.check(
      props.expiringPrefixes!.findIndex((other) => other.prefix === prefix) === i,
      `${key}.prefix: "${prefix}" is listed twice; list each prefix once`,
    );
    checkInteger(problems, `${key}.days`, days, { min: 1, max: 3650, unit: 'days' });
  }
  checkInteger(problems, 'noncurrentVersionsToKeep', props.noncurrentVersionsToKeep, { min: 1, max: 100 });
  checkInteger(problems, 'noncurrentVersionExpirationDays', props.noncurrentVersionExpirationDays, {
    min: 1,
    max: 3650,
    unit: 'days',
  });
  checkInteger(problems, 'abortIncompleteUploadDays', props.abortIncompleteUploadDays, {
    min: 1,
    max: 3650,
    unit: 'days',
  });
  for (const key of ['noncurrentVersionsToKeep', 'noncurrentVersionExpirationDays'] as const) {
    problems.check(
      props[key] === undefined || props.versioning === true,
      `${key}: has no effect without versioning; set versioning to true, or leave it out`,
    );
  }
  checkOneOf(problems, 'minimumTlsVersion', props.minimumTlsVersion, ['1.2', '1.3']);
  checkBucketNamePrefix(problems, 'bucketNamePrefix', bucketNamePrefix);
  if (isResolved(props.kmsKeyArn)) {
    problems.check(
      KMS_KEY_ARN.test(props.kmsKeyArn),
      `kmsKeyArn: "${props.kmsKeyArn}" is not the ARN of a KMS key; write arn:aws:kms:<region>:<account>:key/<id>`,
    );
  }
  problems.check(
    props.accessLogsPrefix === undefined || props.accessLogsBucketName !== undefined,
    'accessLogsPrefix: has no effect without accessLogsBucketName; set a bucket, or leave it out',
  );
  problems.check(
    !isResolved(bucketName) || props.accessLogsBucketName !== bucketName,
    `accessLogsBucketName: "${props.accessLogsBucketName}" is the ${what} itself, whose access logs would be ` +
      `logged again; use another bucket`,
  );
  problems.check(
    props.forceDestroy !== true || props.preventDestroy !== true,
    'forceDestroy: has no effect while preventDestroy is true; set preventDestroy to false too, or leave it out',
  );
}
