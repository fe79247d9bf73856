import type { Patch } from './patch';

/** One conditional write of an object at a time. */
export const s3ConditionalPut: Patch = {
  service: 's3',
  operations: ['PutObject with If-None-Match or If-Match'],
  missing:
    'checks whether the object exists and then stores it, in two steps: two concurrent writers can both ' +
    'be told that they were first',
  why:
    'the S3 state lock of Terraform (use_lockfile) is a PutObject with If-None-Match: two concurrent ' +
    'applies could both get the lock',
  how: 'passes on conditional writes of the same object one after the other',
  seenIn: '5.2.1',
  matches: (request) =>
    request.method === 'PUT' &&
    request.service === 's3' &&
    (request.headers['if-none-match'] !== undefined || request.headers['if-match'] !== undefined),
  open: () => {
    const last = new Map<string, Promise<unknown>>();
    return async (request, forward) => {
      const object = `${request.headers.host ?? ''}${request.url.split('?')[0] ?? ''}`;
      await request.body();
      const turn = (last.get(object) ?? Promise.resolve()).then(() => forward());
      const settled = turn.catch(() => undefined);
      last.set(object, settled);
      try {
        return await turn;
      } finally {
        if (last.get(object) === settled) last.delete(object);
      }
    };
  },
};
