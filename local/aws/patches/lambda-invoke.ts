import { jsonReply, type Patch } from './patch';

const INVOCATION = /^\/\d{4}-\d{2}-\d{2}\/functions\/([^/?]+)\/invocations(?:\?.*)?$/;

/** A function that a deploy calls. */
export const lambdaInvoke: Patch = {
  service: 'lambda',
  operations: ['Invoke'],
  missing: 'runs functions in Docker containers, and fails without',
  why: 'an aws_lambda_invocation, such as that of the migrations of jobs, could not be applied',
  how: 'runs no function: it answers null for one that exists, 404 for one that does not',
  seenIn: '5.2.1',
  matches: ({ service, method, url }) => service === 'lambda' && method === 'POST' && INVOCATION.test(url),
  open: () => async (request, forward) => {
    const [, name = ''] = INVOCATION.exec(request.url) ?? [];
    const found = await forward({ method: 'GET', path: `/2015-03-31/functions/${name}`, body: Buffer.alloc(0) });
    return found.status === 200 ? jsonReply(200, null) : found;
  },
};
