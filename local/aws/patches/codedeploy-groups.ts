import { ACCOUNT, answerWith, CodeServiceError, now, TagStore, type Fields } from './code-services-store';
import type { Patch } from './patch';

/** Applications, deployment groups and configurations of CodeDeploy. Nothing is deployed. */
export const codedeployGroups: Patch = {
  service: 'codedeploy',
  operations: [
    'CreateApplication',
    'GetApplication',
    'DeleteApplication',
    'ListApplications',
    'CreateDeploymentConfig',
    'GetDeploymentConfig',
    'DeleteDeploymentConfig',
    'CreateDeploymentGroup',
    'GetDeploymentGroup',
    'UpdateDeploymentGroup',
    'DeleteDeploymentGroup',
    'ListTagsForResource',
    'TagResource',
    'UntagResource',
  ],
  missing:
    'returns dates as text, which no SDK can parse, has no deployment configurations, forgets alarms, ' +
    'and can neither change nor delete',
  why:
    'an aws_codedeploy_app, aws_codedeploy_deployment_group or aws_codedeploy_deployment_config could ' +
    'not be applied or destroyed',
  how: 'keeps them itself',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'codedeploy' && codedeployGroups.operations.includes(request.operation),
  open: () => {
    const applications = new Map<string, Fields>();
    const groups = new Map<string, Fields>();
    const configs = new Map<string, Fields>();
    const tags = new TagStore();
    let made = 0;
    const id = (): string => `00000000-0000-4000-9000-${String(++made).padStart(12, '0')}`;
    const find = (store: Map<string, Fields>, key: string, what: string): Fields => {
      const found = store.get(key);
      if (found === undefined)
        throw new CodeServiceError(`${what}DoesNotExistException`, `No ${what} found for name: ${key}`);
      return found;
    };
    const groupKey = (input: Fields, name: unknown = input.deploymentGroupName): string =>
      `${String(input.applicationName)}/${String(name)}`;
    return (request) => {
      const arn = (resource: string): string => `arn:aws:codedeploy:${request.region}:${ACCOUNT}:${resource}`;
      return answerWith(request, {
        CreateApplication: (input) => {
          const name = String(input.applicationName);
          if (applications.has(name))
            throw new CodeServiceError('ApplicationAlreadyExistsException', `Application already exists: ${name}`);
          const application: Fields = {
            applicationId: id(),
            applicationName: name,
            computePlatform: input.computePlatform ?? 'Server',
            createTime: now(),
            linkedToGitHub: false,
          };
          applications.set(name, application);
          tags.add(arn(`application:${name}`), input.tags);
          return { applicationId: application.applicationId };
        },
        GetApplication: (input) => ({ application: find(applications, String(input.applicationName), 'Application') }),
        ListApplications: () => ({ applications: [...applications.keys()] }),
        DeleteApplication: (input) => {
          applications.delete(String(input.applicationName));
          return {};
        },
        CreateDeploymentConfig: (input) => {
          const name = String(input.deploymentConfigName);
          const config = { ...input, deploymentConfigId: id(), createTime: now() };
          configs.set(name, config);
          return { deploymentConfigId: config.deploymentConfigId };
        },
        GetDeploymentConfig: (input) => ({
          deploymentConfigInfo: find(configs, String(input.deploymentConfigName), 'DeploymentConfig'),
        }),
        DeleteDeploymentConfig: (input) => {
          configs.delete(String(input.deploymentConfigName));
          return {};
        },
        CreateDeploymentGroup: (input) => {
          find(applications, String(input.applicationName), 'Application');
          const { tags: given, ...group } = input;
          const deploymentGroupId = id();
          groups.set(groupKey(input), {
            computePlatform: applications.get(String(input.applicationName))!.computePlatform,
            ...group,
            deploymentGroupId,
          });
          tags.add(arn(`deploymentgroup:${groupKey(input)}`), given);
          return { deploymentGroupId };
        },
        GetDeploymentGroup: (input) => ({ deploymentGroupInfo: find(groups, groupKey(input), 'DeploymentGroup') }),
        UpdateDeploymentGroup: (input) => {
          const former = groupKey(input, input.currentDeploymentGroupName);
          const { currentDeploymentGroupName: current, newDeploymentGroupName: renamed, ...changes } = input;
          const group = {
            ...find(groups, former, 'DeploymentGroup'),
            ...changes,
            deploymentGroupName: renamed ?? current,
          };
          groups.delete(former);
          groups.set(groupKey(group), group);
          return { hooksNotCleanedUp: [] };
        },
        DeleteDeploymentGroup: (input) => {
          groups.delete(groupKey(input));
          return { hooksNotCleanedUp: [] };
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
    };
  },
};
