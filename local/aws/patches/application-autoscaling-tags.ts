import { type Patch, jsonReply, parseJson } from './patch';

type Tags = Record<string, string>;

/** Tags of scalable targets. */
export const applicationAutoscalingTags: Patch = {
  service: 'application-autoscaling',
  operations: ['ListTagsForResource', 'TagResource', 'UntagResource', 'RegisterScalableTarget'],
  missing: 'answers 500 to the three tag operations, and drops the tags of RegisterScalableTarget',
  why:
    'the provider lists the tags of every aws_appautoscaling_target it reads: without an answer no target can ' +
    'be applied',
  how: 'keeps the tags in memory by ARN; RegisterScalableTarget itself is passed on',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 'application-autoscaling' && applicationAutoscalingTags.operations.includes(request.operation),
  open: () => {
    const tagsOf = new Map<string, Tags>();
    return async (request, forward) => {
      const input = parseJson(await request.body());
      if (request.operation === 'RegisterScalableTarget') {
        const reply = await forward();
        if (reply.status === 200 && input.Tags !== undefined) {
          tagsOf.set(String(parseJson(reply.body).ScalableTargetARN), { ...(input.Tags as Tags) });
        }
        return reply;
      }
      const arn = String(input.ResourceARN);
      const tags = tagsOf.get(arn) ?? {};
      if (request.operation === 'ListTagsForResource') return jsonReply(200, { Tags: tags });
      if (request.operation === 'TagResource') tagsOf.set(arn, { ...tags, ...(input.Tags as Tags) });
      else
        tagsOf.set(
          arn,
          Object.fromEntries(Object.entries(tags).filter(([key]) => !(input.TagKeys as string[]).includes(key))),
        );
      return jsonReply(200, {});
    };
  },
};
