import type { Patch } from './patch';

/** One conditional write of an object at a time. */
export const s3ConditionalPut: Patch = {
  service: 's3',
  operations: ['PutObject with If-None-Match or If-Match'],
  missing:
    'looks whether the object is there and then stores it, in two steps: of two writers at once both can be ' +
    'told they were first',
  why:
    "Terraform's S3 state lock (use_lockfile) is a PutObject with If-None-Match: two applies at once could " +
    'both hold the lock',
  how: 'passes conditional writes of the same object on one after the other',
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
