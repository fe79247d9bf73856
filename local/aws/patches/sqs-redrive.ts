import { jsonReply, parseJson, type Patch } from './patch';

type Texts = Record<string, string>;

const KEPT = ['RedrivePolicy', 'RedriveAllowPolicy'];

/** Where messages that failed go, and which queues may send them there. */
export const sqsRedrive: Patch = {
  service: 'sqs',
  operations: ['CreateQueue', 'SetQueueAttributes', 'GetQueueAttributes', 'DeleteQueue'],
  missing: 'forgets RedriveAllowPolicy, and gives RedrivePolicy back in another form',
  why:
    'an aws_sqs_queue_redrive_allow_policy would wait for minutes and fail, and every second plan of an aws_sqs_queue ' +
    'with a dead-letter queue would change it',
  how: 'remembers both as they were set, and adds them to the attributes',
  seenIn: '5.2.1',
  // The JSON protocol alone, as Terraform and the SDKs speak it.
  matches: ({ service, operation, headers }) =>
    service === 'sqs' && headers['x-amz-target'] !== undefined && sqsRedrive.operations.includes(operation),
  open: () => {
    /** By name, which is the last part of a queue's URL. */
    const given = new Map<string, Texts>();
    return async (request, forward) => {
      const input = parseJson(await request.body());
      const key = `${request.region}/${String(input.QueueName ?? input.QueueUrl).replace(/^.*\//, '')}`;
      const { Attributes = {}, AttributeNames = [] } = input as { Attributes?: Texts; AttributeNames?: string[] };
      if (request.operation === 'GetQueueAttributes') {
        // moto refuses a name that it does not know.
        const known = AttributeNames.filter((name) => name !== 'RedriveAllowPolicy');
        const names = known.length > 0 ? known : ['QueueArn'];
        const reply = await forward({ body: Buffer.from(JSON.stringify({ ...input, AttributeNames: names })) });
        const asked = KEPT.filter((name) => AttributeNames.includes('All') || AttributeNames.includes(name));
        const kept = Object.fromEntries(Object.entries(given.get(key) ?? {}).filter(([name]) => asked.includes(name)));
        if (reply.status !== 200 || (known.length > 0 && Object.keys(kept).length === 0)) return reply;
        const output = parseJson(reply.body);
        const answered = known.length > 0 ? (output.Attributes as Texts) : {};
        return jsonReply(200, { ...output, Attributes: { ...answered, ...kept } });
      }
      const { RedriveAllowPolicy: _, ...known } = Attributes;
      // moto refuses a call that sets nothing.
      const sets = request.operation === 'SetQueueAttributes';
      const reply =
        sets && Object.keys(known).length === 0
          ? jsonReply(200, {})
          : await forward({
              body: Buffer.from(
                JSON.stringify({ ...input, ...(input.Attributes !== undefined && { Attributes: known }) }),
              ),
            });
      if (reply.status !== 200) return reply;
      if (request.operation === 'DeleteQueue') given.delete(key);
      else {
        const kept = Object.fromEntries(Object.entries(Attributes).filter(([name]) => KEPT.includes(name)));
        given.set(key, withoutEmpty({ ...given.get(key), ...kept }));
      }
      return reply;
    };
  },
};

/** An empty text takes an attribute away. */
function withoutEmpty(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}
