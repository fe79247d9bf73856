import { listOf, statementsOf, unknownPrincipal } from './policy-documents';
import type { Rule } from './rule';

export const s3BucketPolicy: Rule = {
  service: 's3',
  operations: ['PutBucketPolicy'],
  what: 'a bucket policy above 20 KB, about another bucket, or for a role that does not exist',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html',
  async check({ input, body }, aws) {
    const document = await body();
    const refused = (message: string) => ({ code: 'MalformedPolicy', message });
    if (Buffer.byteLength(document) > 20_480) return refused('Policies must be smaller than 20480 bytes');
    const arn = /^arn:[^:]+:s3:::([^/]+)(\/|$)/;
    const foreign = statementsOf(document)
      .flatMap(({ Resource }) => listOf(Resource))
      .some((resource) => arn.exec(resource)?.[1] !== input.Bucket);
    if (foreign) return refused('Policy has invalid resource');
    if ((await unknownPrincipal(aws, document)) !== undefined) return refused('Invalid principal in policy');
    return undefined;
  },
};
