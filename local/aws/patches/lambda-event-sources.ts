import { jsonReply, parseJson, type Patch, type Reply } from './patch';

const MAPPINGS = /^\/\d{4}-\d{2}-\d{2}\/event-source-mappings\/?([^/?]*)(?:\?.*)?$/;

/** What hands a queue's messages to a function. */
export const lambdaEventSources: Patch = {
  service: 'lambda',
  operations: [
    'CreateEventSourceMapping',
    'UpdateEventSourceMapping',
    'GetEventSourceMapping',
    'ListEventSourceMappings',
  ],
  missing: 'receives each message when it is sent and runs the function in a Docker container',
  why: 'a SendMessage to the wake queue of jobs would fail without Docker, and npm run jobs polls the queues itself',
  how: 'keeps every mapping disabled in moto, and answers whether it was enabled',
  seenIn: '5.2.1',
  matches: ({ service, method, url }) => service === 'lambda' && method !== 'DELETE' && MAPPINGS.test(url),
  open: () => {
    const disabled = new Set<string>();
    const asGiven = (mapping: Record<string, unknown>): Record<string, unknown> => ({
      ...mapping,
      State: disabled.has(String(mapping.UUID)) ? 'Disabled' : 'Enabled',
    });
    return async (request, forward) => {
      const isWrite = request.method === 'POST' || request.method === 'PUT';
      const input = isWrite ? parseJson(await request.body()) : {};
      const reply: Reply = isWrite
        ? await forward({ body: Buffer.from(JSON.stringify({ ...input, Enabled: false })) })
        : await forward();
      if (reply.status >= 300) return reply;
      const output = parseJson(reply.body);
      if (Array.isArray(output.EventSourceMappings)) {
        const mappings = output.EventSourceMappings as Record<string, unknown>[];
        return jsonReply(reply.status, { ...output, EventSourceMappings: mappings.map(asGiven) });
      }
      const id = String(output.UUID);
      if (input.Enabled === false) disabled.add(id);
      else if (input.Enabled === true || request.method === 'POST') disabled.delete(id);
      return jsonReply(reply.status, asGiven(output));
    };
  },
};
