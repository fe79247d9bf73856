import { ACCOUNT, answerWith, CodeServiceError, now, TagStore, type Fields } from './code-services-store';
import type { Patch } from './patch';

/** Repositories of CodeCommit, without a Git server behind them. */
export const codecommitRepositories: Patch = {
  service: 'codecommit',
  operations: [
    'CreateRepository',
    'GetRepository',
    'DeleteRepository',
    'ListRepositories',
    'UpdateRepositoryDescription',
    'UpdateRepositoryEncryptionKey',
    'ListTagsForResource',
    'TagResource',
    'UntagResource',
  ],
  missing: 'returns dates as text, which no SDK can parse, and supports neither tags nor changes',
  why: 'an aws_codecommit_repository could not be applied',
  how: 'keeps the repositories itself',
  seenIn: '5.2.1',
  matches: (request) =>
    request.service === 'codecommit' && codecommitRepositories.operations.includes(request.operation),
  open: () => {
    const repositories = new Map<string, Fields>();
    const tags = new TagStore();
    const find = (name: unknown): Fields => {
      const found = repositories.get(String(name));
      if (found === undefined)
        throw new CodeServiceError('RepositoryDoesNotExistException', `${String(name)} does not exist`);
      return found;
    };
    return (request) =>
      answerWith(request, {
        CreateRepository: (input) => {
          const name = String(input.repositoryName);
          if (repositories.has(name))
            throw new CodeServiceError('RepositoryNameExistsException', `Repository named ${name} already exists`);
          const host = `git-codecommit.${request.region}.amazonaws.com/v1/repos/${name}`;
          const arn = `arn:aws:codecommit:${request.region}:${ACCOUNT}:${name}`;
          const repository: Fields = {
            accountId: ACCOUNT,
            Arn: arn,
            repositoryId: `00000000-0000-4000-8000-${String(repositories.size + 1).padStart(12, '0')}`,
            repositoryName: name,
            repositoryDescription: input.repositoryDescription,
            kmsKeyId: input.kmsKeyId ?? `arn:aws:kms:${request.region}:${ACCOUNT}:alias/aws/codecommit`,
            cloneUrlHttp: `https://${host}`,
            cloneUrlSsh: `ssh://${host}`,
            creationDate: now(),
            lastModifiedDate: now(),
          };
          repositories.set(name, repository);
          tags.add(arn, input.tags);
          return { repositoryMetadata: repository };
        },
        GetRepository: (input) => ({ repositoryMetadata: find(input.repositoryName) }),
        ListRepositories: () => ({
          repositories: [...repositories.values()].map(({ repositoryName, repositoryId }) => ({
            repositoryName,
            repositoryId,
          })),
        }),
        UpdateRepositoryDescription: (input) => {
          Object.assign(find(input.repositoryName), {
            repositoryDescription: input.repositoryDescription,
            lastModifiedDate: now(),
          });
          return {};
        },
        UpdateRepositoryEncryptionKey: (input) => {
          const repository = find(input.repositoryName);
          const originalKmsKeyId = repository.kmsKeyId;
          Object.assign(repository, { kmsKeyId: input.kmsKeyId, lastModifiedDate: now() });
          return { repositoryId: repository.repositoryId, kmsKeyId: input.kmsKeyId, originalKmsKeyId };
        },
        DeleteRepository: (input) => {
          const repository = repositories.get(String(input.repositoryName));
          repositories.delete(String(input.repositoryName));
          tags.forget(String(repository?.Arn));
          return { repositoryId: repository?.repositoryId };
        },
        ListTagsForResource: (input) => ({ tags: Object.fromEntries(tags.list(String(input.resourceArn))) }),
        TagResource: (input) => {
          tags.add(String(input.resourceArn), input.tags);
          return {};
        },
        UntagResource: (input) => {
          tags.remove(String(input.resourceArn), input.tagKeys);
          return {};
        },
      });
  },
};
