import { type Patch, withBody } from './patch';

const ENABLED = '<Status>Enabled</Status>';
const SUSPENDED = '<Status>Suspended</Status>';

/** Buckets whose versioning is suspended. */
export const s3SuspendedVersioning: Patch = {
  service: 's3',
  operations: ['PutBucketVersioning', 'GetBucketVersioning'],
  missing:
    'forgets that objects in a bucket with suspended versioning have versions: deleting one deletes all, ' +
    'and fails with 500 if a delete marker is among them',
  why:
    'the provider suspends versioning before it empties and deletes the state bucket (forceDestroy), ' +
    'where every released lock has left a delete marker',
  how: 'keeps versioning enabled in moto and reports it as suspended',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 's3' &&
    ['GET', 'PUT'].includes(request.method) &&
    new URLSearchParams(request.url.split('?')[1] ?? '').has('versioning'),
  open: () => {
    const suspended = new Set<string>();
    return async (request, forward) => {
      const bucket = `${request.headers.host ?? ''}${request.url.split('?')[0] ?? ''}`;
      if (request.method === 'GET') {
        const reply = await forward();
        return suspended.has(bucket) ? withBody(reply, reply.body.toString('utf8').replace(ENABLED, SUSPENDED)) : reply;
      }
      const body = (await request.body()).toString('utf8');
      const suspends = body.includes(SUSPENDED);
      const reply = await forward({ body: Buffer.from(body.replace(SUSPENDED, ENABLED)) });
      if (reply.status < 300) suspended[suspends ? 'add' : 'delete'](bucket);
      return reply;
    };
  },
};
