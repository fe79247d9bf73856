import { ACCOUNT, answerWith, CodeServiceError, TagStore, type Fields } from './code-services-store';
import type { Patch } from './patch';

/** Connections to GitHub, GitLab and Bitbucket; as on AWS, they wait to be confirmed. */
export const codestarConnections: Patch = {
  service: 'codestar-connections',
  operations: [
    'CreateConnection',
    'GetConnection',
    'DeleteConnection',
    'ListConnections',
    'ListTagsForResource',
    'TagResource',
    'UntagResource',
  ],
  missing: 'does not support the service',
  why: 'an aws_codestarconnections_connection could not be applied',
  how: 'keeps the connections itself, in the state PENDING',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 'codestar-connections' && codestarConnections.operations.includes(request.operation),
  open: () => {
    const connections = new Map<string, Fields>();
    const tags = new TagStore();
    const find = (arn: unknown): Fields => {
      const found = connections.get(String(arn));
      if (found === undefined)
        throw new CodeServiceError('ResourceNotFoundException', `Connection ${String(arn)} not found`);
      return found;
    };
    return (request) =>
      answerWith(request, {
        CreateConnection: (input) => {
          const arn = `arn:aws:codestar-connections:${request.region}:${ACCOUNT}:connection/00000000-0000-4000-a000-${String(connections.size + 1).padStart(12, '0')}`;
          connections.set(arn, {
            ConnectionArn: arn,
            ConnectionName: input.ConnectionName,
            ConnectionStatus: 'PENDING',
            OwnerAccountId: ACCOUNT,
            ProviderType: input.ProviderType,
          });
          tags.add(arn, input.Tags);
          return { ConnectionArn: arn, Tags: input.Tags };
        },
        GetConnection: (input) => ({ Connection: find(input.ConnectionArn) }),
        ListConnections: () => ({ Connections: [...connections.values()] }),
        DeleteConnection: (input) => {
          connections.delete(String(input.ConnectionArn));
          return {};
        },
        ListTagsForResource: (input) => ({
          Tags: tags.list(String(input.ResourceArn)).map(([Key, Value]) => ({ Key, Value })),
        }),
        TagResource: (input) => {
          tags.add(String(input.ResourceArn), input.Tags);
          return {};
        },
        UntagResource: (input) => {
          tags.remove(String(input.ResourceArn), input.TagKeys);
          return {};
        },
      });
  },
};
