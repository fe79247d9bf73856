import { type Patch, jsonReply, parseJson } from './patch';

/** The latest revision of a family. */
export const ecsLatestRevision: Patch = {
  service: 'ecs',
  operations: ['DescribeTaskDefinition'],
  missing: 'returns the revision of a family with the highest number, even if it was deregistered',
  why:
    'once a pipeline had deregistered a revision that was rolled back, an aws_ecs_task_definition that ' +
    'follows its latest revision would appear deleted, and would be created again',
  how: 'returns the latest active revision, or the error of AWS if there is none',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'ecs' && request.operation === 'DescribeTaskDefinition',
  open: () => async (request, forward) => {
    const input = parseJson(await request.body());
    const asked = String(input.taskDefinition);
    const reply = await forward();
    const family = /^(?:arn:.*:task-definition\/)?([\w-]+)$/.exec(asked)?.[1];
    if (
      family === undefined ||
      reply.status !== 200 ||
      (parseJson(reply.body).taskDefinition as { status?: string }).status !== 'INACTIVE'
    )
      return reply;
    const list = await forward({
      operation: 'ListTaskDefinitions',
      body: Buffer.from(JSON.stringify({ familyPrefix: family, status: 'ACTIVE' })),
    });
    const revisionOf = (arn: string): number => Number(arn.slice(arn.lastIndexOf(':') + 1));
    // Moto takes the family for the start of a name.
    const active = ((parseJson(list.body).taskDefinitionArns ?? []) as string[])
      .filter((arn) => arn.includes(`/${family}:`))
      .sort((a, b) => revisionOf(b) - revisionOf(a));
    if (active[0] === undefined)
      return jsonReply(400, { __type: 'ClientException', message: 'Unable to describe task definition.' });
    return forward({ body: Buffer.from(JSON.stringify({ ...input, taskDefinition: active[0] })) });
  },
};
