import { type Patch, withBody } from './patch';

/** Lifecycle rules that keep a number of former versions. */
export const s3NewerNoncurrentVersions: Patch = {
  service: 's3',
  operations: ['PutBucketLifecycleConfiguration', 'GetBucketLifecycleConfiguration'],
  missing: 'drops NewerNoncurrentVersions from the expiration of noncurrent versions',
  why:
    'the state bucket keeps a number of versions whatever their age: the provider waits until it reads ' +
    'back what it wrote, and gives up after three minutes',
  how: 'returns the configuration as it was set',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 's3' &&
    ['GET', 'PUT'].includes(request.method) &&
    new URLSearchParams(request.url.split('?')[1] ?? '').has('lifecycle'),
  open: () => {
    const given = new Map<string, string>();
    return async (request, forward) => {
      const bucket = `${request.headers.host ?? ''}${request.url.split('?')[0] ?? ''}`;
      const reply = await forward();
      if (request.method === 'PUT') {
        if (reply.status < 300) given.set(bucket, (await request.body()).toString('utf8'));
        return reply;
      }
      const configuration = given.get(bucket);
      return reply.status === 200 && configuration !== undefined ? withBody(reply, configuration) : reply;
    };
  },
};
