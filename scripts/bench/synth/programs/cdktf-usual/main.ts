// The architecture of Strata's network, registry and compute layers, written the usual way: one barrel import, ts-node, references across stacks.
import {
  appautoscalingPolicy,
  appautoscalingTarget,
  cloudwatchLogGroup,
  dataAwsAvailabilityZones,
  dataAwsCallerIdentity,
  dataAwsPartition,
  dataAwsRegion,
  defaultSecurityGroup,
  ecrLifecyclePolicy,
  ecrRepository,
  ecsCluster,
  ecsClusterCapacityProviders,
  ecsService,
  ecsTaskDefinition,
  eip,
  iamRole,
  iamRolePolicy,
  internetGateway,
  lb,
  lbListener,
  lbTargetGroup,
  natGateway,
  provider,
  route,
  routeTable,
  routeTableAssociation,
  securityGroup,
  subnet,
  vpc,
  vpcEndpoint,
  vpcSecurityGroupEgressRule,
  vpcSecurityGroupIngressRule,
} from '@cdktf/provider-aws';
import { App, Fn, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const REGION = 'ap-northeast-2';

function addProvider(stack: TerraformStack, layer: string): void {
  new provider.AwsProvider(stack, 'aws', {
    region: REGION,
    defaultTags: [{ tags: { project: 'bench', environment: 'dev', layer, version: '0.1.0', owner: `platform-${layer}` } }],
  });
}

class NetworkStack extends TerraformStack {
  readonly vpc: vpc.Vpc;
  readonly publicSubnets: subnet.Subnet[] = [];
  readonly privateSubnets: subnet.Subnet[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    addProvider(this, 'network');
    const zones = new dataAwsAvailabilityZones.DataAwsAvailabilityZones(this, 'zones', { state: 'available' });
    this.vpc = new vpc.Vpc(this, 'vpc', { cidrBlock: '10.0.0.0/16', enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: 'app-vpc' } });
    new defaultSecurityGroup.DefaultSecurityGroup(this, 'default-security-group', { vpcId: this.vpc.id, tags: { Name: 'app-vpc-default' } });
    const gateway = new internetGateway.InternetGateway(this, 'internet-gateway', { vpcId: this.vpc.id, tags: { Name: 'app-vpc' } });

    const publicTable = new routeTable.RouteTable(this, 'public-table', { vpcId: this.vpc.id, tags: { Name: 'app-vpc-public' } });
    new route.Route(this, 'public-route', { routeTableId: publicTable.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id });
    for (let i = 0; i < 2; i++) {
      const zone = Fn.element(zones.names, i);
      const publicSubnet = new subnet.Subnet(this, `public-${i}`, {
        vpcId: this.vpc.id, availabilityZone: zone, cidrBlock: `10.0.${i * 16}.0/20`, mapPublicIpOnLaunch: false, tags: { Name: `app-vpc-public-${i}` },
      });
      new routeTableAssociation.RouteTableAssociation(this, `public-association-${i}`, { subnetId: publicSubnet.id, routeTableId: publicTable.id });
      this.publicSubnets.push(publicSubnet);
    }

    const address = new eip.Eip(this, 'nat-address', { domain: 'vpc', tags: { Name: 'app-vpc-nat' } });
    const nat = new natGateway.NatGateway(this, 'nat', {
      allocationId: address.id, subnetId: this.publicSubnets[0].id, tags: { Name: 'app-vpc-nat' }, dependsOn: [gateway],
    });
    const privateTables: routeTable.RouteTable[] = [];
    for (let i = 0; i < 2; i++) {
      const zone = Fn.element(zones.names, i);
      const privateSubnet = new subnet.Subnet(this, `private-${i}`, {
        vpcId: this.vpc.id, availabilityZone: zone, cidrBlock: `10.0.${128 + i * 16}.0/20`, tags: { Name: `app-vpc-private-${i}` },
      });
      const table = new routeTable.RouteTable(this, `private-table-${i}`, { vpcId: this.vpc.id, tags: { Name: `app-vpc-private-${i}` } });
      new route.Route(this, `private-route-${i}`, { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: nat.id });
      new routeTableAssociation.RouteTableAssociation(this, `private-association-${i}`, { subnetId: privateSubnet.id, routeTableId: table.id });
      this.privateSubnets.push(privateSubnet);
      privateTables.push(table);
    }
    new vpcEndpoint.VpcEndpoint(this, 's3-endpoint', {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${REGION}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: privateTables.map((table) => table.id),
      tags: { Name: 'app-vpc-s3' },
    });
    new TerraformOutput(this, 'vpc-id', { value: this.vpc.id });
  }
}

class RegistryStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    addProvider(this, 'registry');
    for (const name of ['app-web', 'app-was']) {
      const repository = new ecrRepository.EcrRepository(this, name, {
        name,
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: [{ encryptionType: 'AES256' }],
      });
      new ecrLifecyclePolicy.EcrLifecyclePolicy(this, `${name}-lifecycle`, {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            { rulePriority: 1, description: 'untagged', selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 }, action: { type: 'expire' } },
            { rulePriority: 2, description: 'all', selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 }, action: { type: 'expire' } },
          ],
        }),
      });
      new TerraformOutput(this, `${name}-url`, { value: repository.repositoryUrl });
    }
  }
}

interface ServiceOptions {
  readonly name: string;
  readonly isPublic: boolean;
  readonly port: number;
  readonly cpu: number;
  readonly memory: number;
  readonly environment: Record<string, string>;
  readonly permissions: { readonly actions: string[]; readonly resources: string[] }[];
  readonly callers: securityGroup.SecurityGroup[];
}

class ComputeStack extends TerraformStack {
  private readonly cluster: ecsCluster.EcsCluster;
  private readonly account: dataAwsCallerIdentity.DataAwsCallerIdentity;
  private readonly partition: dataAwsPartition.DataAwsPartition;
  private readonly region: dataAwsRegion.DataAwsRegion;

  constructor(scope: Construct, id: string, private readonly network: NetworkStack) {
    super(scope, id);
    addProvider(this, 'compute');
    this.account = new dataAwsCallerIdentity.DataAwsCallerIdentity(this, 'account');
    this.partition = new dataAwsPartition.DataAwsPartition(this, 'partition');
    this.region = new dataAwsRegion.DataAwsRegion(this, 'region');
    this.cluster = new ecsCluster.EcsCluster(this, 'cluster', { name: 'AppEcsCluster', setting: [{ name: 'containerInsights', value: 'disabled' }] });
    new ecsClusterCapacityProviders.EcsClusterCapacityProviders(this, 'capacity-providers', {
      clusterName: this.cluster.name, capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });

    const webGroup = this.taskGroup('app-web');
    const was = this.service(this.taskGroup('app-was'), {
      name: 'app-was',
      isPublic: false,
      port: 8081,
      cpu: 1024,
      memory: 3072,
      environment: { SAGEMAKER_ENDPOINT_NAME: 'image-classifier' },
      permissions: [{ actions: ['sagemaker:InvokeEndpoint'], resources: [this.arn('sagemaker', 'endpoint/image-classifier')] }],
      callers: [webGroup],
    });
    const web = this.service(webGroup, {
      name: 'app-web', isPublic: true, port: 8000, cpu: 512, memory: 1024, environment: { APP_WAS_URL: `http://${was.dnsName}` }, permissions: [], callers: [],
    });
    new TerraformOutput(this, 'app-web-url', { value: `http://${web.dnsName}` });
  }

  private arn(service: string, resource: string): string {
    return `arn:${this.partition.partition}:${service}:${this.region.id}:${this.account.accountId}:${resource}`;
  }

  private taskGroup(name: string): securityGroup.SecurityGroup {
    const group = new securityGroup.SecurityGroup(this, `${name}-sg`, { name: `${name}-sg`, description: `Tasks of ${name}`, vpcId: this.network.vpc.id, tags: { Name: `${name}-sg` } });
    new vpcSecurityGroupEgressRule.VpcSecurityGroupEgressRule(this, `${name}-egress`, { securityGroupId: group.id, ipProtocol: '-1', cidrIpv4: '0.0.0.0/0', description: 'Anywhere' });
    return group;
  }

  private service(group: securityGroup.SecurityGroup, options: ServiceOptions): lb.Lb {
    const { name, port } = options;
    const loadBalancer = this.loadBalancer(group, options);
    const targetGroup = new lbTargetGroup.LbTargetGroup(this, `${name}-target-group`, {
      name: `${name}-alb-tg`, targetType: 'ip', port, protocol: 'HTTP', vpcId: this.network.vpc.id, deregistrationDelay: '30', healthCheck: { path: '/health', matcher: '200' },
    });
    const listener = new lbListener.LbListener(this, `${name}-listener`, {
      loadBalancerArn: loadBalancer.arn, port: 80, protocol: 'HTTP', defaultAction: [{ type: 'forward', targetGroupArn: targetGroup.arn }],
    });
    const service = new ecsService.EcsService(this, `${name}-service`, {
      name: `${name}-service`,
      cluster: this.cluster.arn,
      taskDefinition: this.taskDefinition(options).arn,
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { subnets: this.network.privateSubnets.map((each) => each.id), securityGroups: [group.id], assignPublicIp: false },
      loadBalancer: [{ targetGroupArn: targetGroup.arn, containerName: name, containerPort: port }],
      deploymentCircuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriodSeconds: 60,
      propagateTags: 'SERVICE',
      lifecycle: { ignoreChanges: ['desired_count'] },
      dependsOn: [listener],
    });
    const target = new appautoscalingTarget.AppautoscalingTarget(this, `${name}-scaling-target`, {
      minCapacity: 2, maxCapacity: 4, resourceId: `service/${this.cluster.name}/${service.name}`, scalableDimension: 'ecs:service:DesiredCount', serviceNamespace: 'ecs',
    });
    new appautoscalingPolicy.AppautoscalingPolicy(this, `${name}-scaling-policy`, {
      name: `${name}-asg-policy`,
      policyType: 'TargetTrackingScaling',
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
      serviceNamespace: target.serviceNamespace,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 70,
        scaleInCooldown: 300,
        scaleOutCooldown: 300,
        predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      },
    });
    return loadBalancer;
  }

  private loadBalancer(tasks: securityGroup.SecurityGroup, { name, isPublic, port, callers }: ServiceOptions): lb.Lb {
    const group = new securityGroup.SecurityGroup(this, `${name}-alb-sg`, {
      name: `${name}-alb-sg`, description: `Load balancer of ${name}`, vpcId: this.network.vpc.id, tags: { Name: `${name}-alb-sg` },
    });
    if (isPublic) {
      new vpcSecurityGroupIngressRule.VpcSecurityGroupIngressRule(this, `${name}-alb-ingress`, {
        securityGroupId: group.id, ipProtocol: 'tcp', fromPort: 80, toPort: 80, cidrIpv4: '0.0.0.0/0', description: 'Everyone',
      });
    }
    callers.forEach((caller, i) => {
      new vpcSecurityGroupIngressRule.VpcSecurityGroupIngressRule(this, `${name}-alb-ingress-${i}`, {
        securityGroupId: group.id, ipProtocol: 'tcp', fromPort: 80, toPort: 80, referencedSecurityGroupId: caller.id, description: 'A caller',
      });
    });
    new vpcSecurityGroupEgressRule.VpcSecurityGroupEgressRule(this, `${name}-alb-egress`, {
      securityGroupId: group.id, ipProtocol: 'tcp', fromPort: port, toPort: port, referencedSecurityGroupId: tasks.id, description: 'The tasks',
    });
    new vpcSecurityGroupIngressRule.VpcSecurityGroupIngressRule(this, `${name}-ingress`, {
      securityGroupId: tasks.id, ipProtocol: 'tcp', fromPort: port, toPort: port, referencedSecurityGroupId: group.id, description: 'The load balancer',
    });
    return new lb.Lb(this, `${name}-alb`, {
      name: `${name}-alb`,
      internal: !isPublic,
      loadBalancerType: 'application',
      securityGroups: [group.id],
      subnets: (isPublic ? this.network.publicSubnets : this.network.privateSubnets).map((each) => each.id),
      dropInvalidHeaderFields: true,
    });
  }

  private taskDefinition({ name, port, cpu, memory, environment, permissions }: ServiceOptions): ecsTaskDefinition.EcsTaskDefinition {
    const logs = new cloudwatchLogGroup.CloudwatchLogGroup(this, `${name}-logs`, { name: `/ecs/${name}`, retentionInDays: 7 });
    const executionRole = this.role(`${name}-execution-role`, [
      { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      { actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'], resources: [this.arn('ecr', `repository/${name}`)] },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${logs.arn}:*`] },
    ]);
    const taskRole = this.role(`${name}-task-role`, permissions);
    return new ecsTaskDefinition.EcsTaskDefinition(this, `${name}-task-definition`, {
      family: `${name}-td`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: String(cpu),
      memory: String(memory),
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      containerDefinitions: Fn.jsonencode([
        {
          name,
          image: `${this.account.accountId}.dkr.ecr.${REGION}.amazonaws.com/${name}:latest`,
          essential: true,
          readonlyRootFilesystem: true,
          stopTimeout: 30,
          portMappings: [{ containerPort: port, protocol: 'tcp' }],
          environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': logs.name, 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' } },
        },
      ]),
    });
  }

  private role(name: string, permissions: ServiceOptions['permissions']): iamRole.IamRole {
    const role = new iamRole.IamRole(this, name, {
      name,
      assumeRolePolicy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }] }),
    });
    if (permissions.length > 0) {
      new iamRolePolicy.IamRolePolicy(this, `${name}-policy`, {
        name,
        role: role.id,
        policy: Fn.jsonencode({ Version: '2012-10-17', Statement: permissions.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources })) }),
      });
    }
    return role;
  }
}

const app = new App();
const network = new NetworkStack(app, 'network');
new RegistryStack(app, 'registry');
new ComputeStack(app, 'compute', network);
app.synth();
