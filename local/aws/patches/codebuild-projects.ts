import { ACCOUNT, answerWith, CodeServiceError, now, type Fields } from './code-services-store';
import type { Patch } from './patch';

/** CodeBuild takes an ARN wherever it takes a name, and the provider sends one. */
const nameOf = (nameOrArn: unknown): string => String(nameOrArn).replace(/^arn:.*:project\//, '');

/** Build projects. No build runs. */
export const codebuildProjects: Patch = {
  service: 'codebuild',
  operations: ['CreateProject', 'UpdateProject', 'DeleteProject', 'BatchGetProjects', 'ListProjects'],
  missing:
    'requires a location for every source, even for CODEPIPELINE and NO_SOURCE, forgets most of a ' +
    'project, and cannot change one',
  why: 'an aws_codebuild_project could not be applied, and every second plan would change it',
  how: 'keeps the projects itself, with the defaults of AWS',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'codebuild' && codebuildProjects.operations.includes(request.operation),
  open: () => {
    const projects = new Map<string, Fields>();
    return (request) => {
      const complete = (input: Fields, created: unknown): Fields => {
        const name = String(input.name);
        return {
          queuedTimeoutInMinutes: 480,
          timeoutInMinutes: 60,
          projectVisibility: 'PRIVATE',
          cache: { type: 'NO_CACHE' },
          badge: { badgeEnabled: false },
          encryptionKey: `arn:aws:kms:${request.region}:${ACCOUNT}:alias/aws/s3`,
          ...input,
          source: { insecureSsl: false, ...(input.source as Fields) },
          artifacts: {
            ...((input.artifacts as Fields).type === 'CODEPIPELINE'
              ? { name, packaging: 'NONE', encryptionDisabled: false }
              : {}),
            ...(input.artifacts as Fields),
          },
          arn: `arn:aws:codebuild:${request.region}:${ACCOUNT}:project/${name}`,
          created,
          lastModified: now(),
        };
      };
      const find = (name: unknown): Fields => {
        const found = projects.get(nameOf(name));
        if (found === undefined)
          throw new CodeServiceError('ResourceNotFoundException', `Project cannot be found: ${String(name)}`);
        return found;
      };
      return answerWith(request, {
        CreateProject: (input) => {
          const name = String(input.name);
          if (projects.has(name))
            throw new CodeServiceError('ResourceAlreadyExistsException', `Project already exists: ${name}`);
          const project = complete(input, now());
          projects.set(name, project);
          return { project };
        },
        UpdateProject: (input) => {
          const former = find(input.name);
          const name = nameOf(input.name);
          const project = complete({ ...former, ...input, name }, former.created);
          projects.set(name, project);
          return { project };
        },
        DeleteProject: (input) => {
          projects.delete(nameOf(input.name));
          return {};
        },
        BatchGetProjects: (input) => {
          const names = (input.names as string[]).map(nameOf);
          return {
            projects: names.flatMap((name) => projects.get(name) ?? []),
            projectsNotFound: names.filter((name) => !projects.has(name)),
          };
        },
        ListProjects: () => ({ projects: [...projects.keys()] }),
      });
    };
  },
};
