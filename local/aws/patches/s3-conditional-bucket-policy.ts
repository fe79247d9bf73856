import { type Patch, parseJson, withBody } from './patch';

interface Statement {
  readonly Effect?: string;
  readonly Condition?: unknown;
}

/** Bucket policies whose statements have a condition. */
export const s3ConditionalBucketPolicy: Patch = {
  service: 's3',
  operations: ['PutBucketPolicy', 'GetBucketPolicy'],
  missing: 'cannot evaluate conditions on the request, and then denies even if the statement allows',
  why:
    'the state bucket denies requests without TLS (aws:SecureTransport): moto would deny every read and write ' +
    'of state',
  how:
    'passes moto the policy without conditional denials and without the conditions of allowed ' +
    'statements; returns the policy as it was set',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 's3' &&
    ['GET', 'PUT'].includes(request.method) &&
    new URLSearchParams(request.url.split('?')[1] ?? '').has('policy'),
  open: () => {
    const given = new Map<string, string>();
    return async (request, forward) => {
      const bucket = `${request.headers.host ?? ''}${request.url.split('?')[0] ?? ''}`;
      if (request.method === 'GET') {
        const reply = await forward();
        const policy = given.get(bucket);
        return reply.status === 200 && policy !== undefined ? withBody(reply, policy) : reply;
      }
      const body = await request.body();
      const policy = parseJson(body);
      const statements = (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]) as Statement[];
      const evaluated = statements
        .filter((statement) => statement.Condition === undefined || statement.Effect !== 'Deny')
        .map(({ Condition: _condition, ...statement }) => statement);
      const reply = await forward({ body: Buffer.from(JSON.stringify({ ...policy, Statement: evaluated })) });
      if (reply.status < 300) given.set(bucket, body.toString('utf8'));
      return reply;
    };
  },
};
