import type { Rule } from './rule';

export const s3BucketName: Rule = {
  service: 's3',
  operations: ['CreateBucket'],
  what: "a bucket's name outside 3 to 63 characters, with other characters than small letters, digits, dots and hyphens, formed as an IP address, or with a prefix or suffix that AWS keeps",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
  check({ input }) {
    const name = String(input.Bucket);
    const valid =
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
      !name.includes('..') &&
      !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
      !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
      !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
    if (!valid) return { code: 'InvalidBucketName', message: 'The specified bucket is not valid.' };
    return undefined;
  },
};
