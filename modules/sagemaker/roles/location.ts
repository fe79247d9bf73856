import type { IamStatement } from '@strata/iam';
import { isResolved, type Problems } from '@strata/core';

/** Objects in a bucket: all of them, or those below a prefix. */
export interface S3Location {
  readonly bucketArn: string;
  /** Key prefix, without a slash at the start; end it with one to mean a folder. @default '': the whole bucket */
  readonly prefix?: string;
}

export function checkLocations(problems: Problems, key: string, locations: readonly S3Location[] | undefined): void {
  locations?.forEach(({ bucketArn, prefix }, i) => {
    problems.check(
      !isResolved(bucketArn) || /^arn:[a-z-]+:s3:::[^/]+$/.test(bucketArn),
      `${key}[${i}].bucketArn: "${bucketArn}" is not the ARN of a bucket; write arn:aws:s3:::<name>`,
    );
    problems.check(
      !isResolved(prefix) || !/^\/|[*?]/.test(prefix),
      `${key}[${i}].prefix: "${prefix}" is not a key prefix; leave out the slash at its start, and * and ?`,
    );
  });
}

/** Lists and reads. */
export function readStatements(sid: string, locations: readonly S3Location[]): IamStatement[] {
  if (locations.length === 0) return [];
  return [
    { sid, actions: ['s3:GetObject'], resources: locations.map(objects) },
    ...listStatements(`${sid}List`, locations),
  ];
}

/** Lists, reads and writes; does not delete. */
export function writeStatements(sid: string, locations: readonly S3Location[]): IamStatement[] {
  if (locations.length === 0) return [];
  return [
    { sid, actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], resources: locations.map(objects) },
    ...listStatements(`${sid}List`, locations),
  ];
}

/** Writes only, for what a service puts down and never reads. */
export function putStatements(sid: string, locations: readonly S3Location[]): IamStatement[] {
  return locations.length === 0
    ? []
    : [{ sid, actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: locations.map(objects) }];
}

/** Deletes only; a versioned bucket keeps the former version. */
export function deleteStatements(sid: string, locations: readonly S3Location[]): IamStatement[] {
  return locations.length === 0 ? [] : [{ sid, actions: ['s3:DeleteObject'], resources: locations.map(objects) }];
}

function objects({ bucketArn, prefix }: S3Location): string {
  return `${bucketArn}/${prefix ?? ''}*`;
}

/** One statement a bucket, as its prefixes are a condition. */
function listStatements(sid: string, locations: readonly S3Location[]): IamStatement[] {
  const buckets = [...new Set(locations.map(({ bucketArn }) => bucketArn))];
  return buckets.map((bucketArn, i): IamStatement => {
    const prefixes = locations.filter((location) => location.bucketArn === bucketArn).map(({ prefix }) => prefix ?? '');
    return {
      sid: buckets.length === 1 ? sid : `${sid}${i + 1}`,
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: prefixes.includes('')
        ? undefined
        : { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
    };
  });
}
