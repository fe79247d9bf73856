import manifest from '@strata/compute-contract/package.json';
import { defineContract, t } from '@strata/contract';

const service = t.object({
  serviceName: t.string,
  containerName: t.string,
  containerPort: t.number,
  taskDefinitionFamily: t.string,
  repositoryName: t.string,
  imageParameterName: t.string,
  cpuArchitecture: t.string,
  executionRoleArn: t.string,
  taskRoleArn: t.string,
  securityGroupId: t.string,
  logGroupName: t.string,
  url: t.string,
});

/** What the compute layer promises: the cluster, and for each service what a pipeline needs to ship to it. */
export const computeContract = defineContract({
  layer: 'compute',
  owner: 'platform-compute',
  version: manifest.version,
  outputs: {
    clusterName: { type: t.string, description: 'Name of the ECS cluster', example: 'AppEcsCluster' },
    clusterArn: {
      type: t.string,
      description: 'ARN of the ECS cluster',
      example: 'arn:aws:ecs:ap-northeast-2:123456789012:cluster/AppEcsCluster',
    },
    services: {
      type: t.map(service),
      description: 'Service -> what a pipeline needs to ship to it; url is empty for a service without a load balancer',
      example: {
        'app-web': {
          serviceName: 'app-web-service',
          containerName: 'app-web',
          containerPort: 8000,
          taskDefinitionFamily: 'app-web-td',
          repositoryName: 'app-web',
          imageParameterName: '/strata/dev/images/app-web',
          cpuArchitecture: 'ARM64',
          executionRoleArn: 'arn:aws:iam::123456789012:role/app-web-execution-role',
          taskRoleArn: 'arn:aws:iam::123456789012:role/app-web-task-role',
          securityGroupId: 'sg-0f1e2d3c4b5a69788',
          logGroupName: '/ecs/app-web-td',
          url: 'http://app-web-alb-123456789.ap-northeast-2.elb.amazonaws.com',
        },
      },
    },
    blueGreen: {
      type: t.map(
        t.object({
          listenerArn: t.string,
          testListenerArn: t.string,
          targetGroupName: t.string,
          greenTargetGroupName: t.string,
          alarmNames: t.list(t.string),
        }),
      ),
      description:
        'Service whose controller is CODE_DEPLOY -> what CodeDeploy shifts traffic with, and the alarms that ' +
        'are to roll back; testListenerArn may be empty',
      example: {
        'app-web': {
          listenerArn:
            'arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/app/app-web-alb/0f1e2d3c4b5a6978/8796a5b4c3d2e1f0',
          testListenerArn: '',
          targetGroupName: 'app-web-alb-tg',
          greenTargetGroupName: 'app-web-alb-tg-green',
          alarmNames: [],
        },
      },
    },
    taskNetworks: {
      type: t.map(
        t.object({
          subnetIds: t.list(t.string),
          securityGroupIds: t.list(t.string),
          assignPublicIp: t.string,
          platformVersion: t.string,
        }),
      ),
      description:
        'Service whose controller is CODE_DEPLOY -> where the tasks that CodeDeploy starts are to run; ' +
        'assignPublicIp is ENABLED or DISABLED',
      example: {
        'app-web': {
          subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
          securityGroupIds: ['sg-0f1e2d3c4b5a69788'],
          assignPublicIp: 'DISABLED',
          platformVersion: 'LATEST',
        },
      },
    },
  },
});
