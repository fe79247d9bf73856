import { type Patch, parseJson, withBody } from './patch';

/** Dates of pipelines. */
export const codepipelineDates: Patch = {
  service: 'codepipeline',
  operations: ['GetPipeline', 'ListPipelines'],
  missing: 'returns dates as text, which no SDK can parse',
  why: 'an aws_codepipeline could not be read after it was created',
  how: 'rewrites them in the replies',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'codepipeline' && codepipelineDates.operations.includes(request.operation),
  open: () => async (_request, forward) => {
    const reply = await forward();
    return reply.status === 200 ? withBody(reply, JSON.stringify(inSeconds(parseJson(reply.body)))) : reply;
  },
};

/** The same with `created` and `updated` as seconds. */
function inSeconds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      ['created', 'updated'].includes(key) && typeof member === 'string'
        ? Date.parse(member) / 1000
        : inSeconds(member),
    ]),
  );
}
