import { DescribeTaskDefinitionCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';

import type { AwsReaderOptions } from './aws-reader-options';
import { appNames } from './child-service';
import type { ContainerDescription } from './application';
import type { PolicyDocument, TaskRole } from '../sagemaker/task-role';
import { listEcsServices } from './ecs-services';

/**
 * What app-web and app-was are deployed as: image, port and environment of their task definitions, the addresses of
 * their load balancers, and what their task roles allow. All of it is asked of the AWS API; services that are neither
 * app are left out.
 */
export async function readApplication(options: AwsReaderOptions): Promise<ContainerDescription[]> {
  const ecs = new ECSClient(options);
  const services = await listEcsServices(ecs);
  const described = await Promise.all(services.map(({ service }) => describe(service, ecs, options)));
  return described.filter((container) => container !== undefined);
}

async function describe(
  service: Service,
  ecs: ECSClient,
  options: AwsReaderOptions,
): Promise<ContainerDescription | undefined> {
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }),
  );
  const container = taskDefinition?.containerDefinitions?.find(({ image = '' }) =>
    appNames.some((app) => new RegExp(`/${app}[:@]`).test(image)),
  );
  if (container === undefined) return undefined;
  return {
    image: container.image ?? '',
    port: container.portMappings?.[0]?.containerPort ?? 0,
    environment: Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name ?? '', value ?? ''])),
    addresses: await addressesOf(service, new ElasticLoadBalancingV2Client(options)),
    taskRole: await taskRole(taskDefinition?.taskRoleArn, options),
  };
}

async function addressesOf(service: Service, elb: ElasticLoadBalancingV2Client): Promise<string[]> {
  const TargetGroupArns = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  if (TargetGroupArns.length === 0) return [];
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
  const LoadBalancerArns = TargetGroups.flatMap((group) => group.LoadBalancerArns ?? []);
  if (LoadBalancerArns.length === 0) return [];
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns }));
  return LoadBalancers.flatMap(({ DNSName }) =>
    DNSName === undefined ? [] : [`http://${DNSName}`, `https://${DNSName}`],
  );
}

/** A role with its inline policies, which is how the layers write them. A task without a role may do nothing. */
async function taskRole(arn: string | undefined, options: AwsReaderOptions): Promise<TaskRole> {
  if (arn === undefined) return { name: 'no task role', policies: [] };
  const iam = new IAMClient(options);
  const RoleName = arn.split('/').at(-1)!;
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument: document = '{"Statement":[]}' } = await iam.send(
      new GetRolePolicyCommand({ RoleName, PolicyName }),
    );
    return JSON.parse(decodeURIComponent(document)) as PolicyDocument;
  });
  const { endpoint, region } = options;
  return {
    name: RoleName,
    policies: await Promise.all(policies),
    ...(endpoint !== undefined && { emulated: { arn, endpoint, region } }),
  };
}
