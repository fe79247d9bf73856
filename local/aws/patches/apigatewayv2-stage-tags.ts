import { type Patch, parseJson, type Reply, withBody } from './patch';

type Tags = Record<string, string>;

const TAGS = /^\/v2\/tags\/([^?]+)/;
const STAGE = /^\/v2\/apis\/([^/?]+)\/stages\/([^/?]+)$/;
const STAGE_ARN = /:\/apis\/([^/]+)\/stages\/(.+)$/;

/** Tags of the stages of HTTP APIs, after they were created. */
export const apiGatewayStageTags: Patch = {
  service: 'apigateway',
  operations: ['TagResource', 'UntagResource', 'GetStage', 'DeleteStage'],
  missing: 'answers 404 to the tag operations for a stage of an HTTP API',
  why: 'the tags of an aws_apigatewayv2_stage could not be changed',
  how: 'remembers which tags were set and taken away, and changes those in the replies accordingly',
  seenIn: '5.2.1',
  matches: ({ service, method, url }) =>
    service === 'apigateway' && (STAGE.test(url) || (method !== 'GET' && stageOf(url) !== undefined)),
  open: () => {
    /** What was set, and undefined for what was taken away. */
    const changes = new Map<string, Record<string, string | undefined>>();
    return async (request, forward) => {
      const tagged = stageOf(request.url);
      if (tagged !== undefined) {
        const keys = new URL(request.url, 'http://aws').searchParams.getAll('tagKeys');
        const change =
          request.method === 'DELETE'
            ? Object.fromEntries(keys.map((key) => [key, undefined]))
            : (parseJson(await request.body()).tags as Tags);
        changes.set(tagged, { ...changes.get(tagged), ...change });
        return { status: request.method === 'DELETE' ? 204 : 201, headers: JSON_TYPE, body: Buffer.from('{}') };
      }
      const [, api = '', stage = ''] = STAGE.exec(request.url) ?? [];
      const key = `${api}/${decodeURIComponent(stage)}`;
      const reply = await forward();
      if (request.method === 'DELETE') changes.delete(key);
      return reply.status === 200 ? withTags(reply, changes.get(key)) : reply;
    };
  },
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** `<api>/<stage>` of a request about its tags. */
function stageOf(url: string): string | undefined {
  const [, api, stage] = STAGE_ARN.exec(decodeURIComponent(TAGS.exec(url)?.[1] ?? '')) ?? [];
  return stage === undefined ? undefined : `${api}/${stage}`;
}

function withTags(reply: Reply, change: Record<string, string | undefined> | undefined): Reply {
  if (change === undefined) return reply;
  const stage = parseJson(reply.body);
  return withBody(reply, JSON.stringify({ ...stage, tags: { ...(stage.tags as Tags), ...change } }));
}
