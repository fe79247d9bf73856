// The architecture of Strata's network, registry and compute layers with AWS CDK's own constructs.
import { App, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancedFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

class NetworkStack extends Stack {
  readonly vpc: ec2.Vpc;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    this.vpc = new ec2.Vpc(this, 'vpc', {
      vpcName: 'app-vpc',
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
      availabilityZones: ['ap-northeast-2a', 'ap-northeast-2b'],
      natGateways: 1,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 20 },
        { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      gatewayEndpoints: { s3: { service: ec2.GatewayVpcEndpointAwsService.S3, subnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }] } },
    });
  }
}

class RegistryStack extends Stack {
  readonly repositories: Readonly<Record<string, ecr.Repository>>;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const repository = (repositoryName: string) =>
      new ecr.Repository(this, repositoryName, {
        repositoryName,
        imageScanOnPush: true,
        imageTagMutability: ecr.TagMutability.IMMUTABLE,
        encryption: ecr.RepositoryEncryption.AES_256,
        lifecycleRules: [{ tagStatus: ecr.TagStatus.UNTAGGED, maxImageAge: Duration.days(7) }, { maxImageCount: 50 }],
      });
    this.repositories = { 'app-web': repository('app-web'), 'app-was': repository('app-was') };
  }
}

interface ServiceOptions {
  readonly name: string;
  readonly isPublic: boolean;
  readonly port: number;
  readonly cpu: number;
  readonly memory: number;
  readonly environment: Record<string, string>;
}

class ComputeStack extends Stack {
  private readonly cluster: ecs.Cluster;

  constructor(scope: Construct, id: string, props: StackProps & { readonly network: NetworkStack; readonly registry: RegistryStack }) {
    super(scope, id, props);
    this.cluster = new ecs.Cluster(this, 'cluster', { clusterName: 'AppEcsCluster', vpc: props.network.vpc, enableFargateCapacityProviders: true });
    const was = this.service(props.registry.repositories['app-was']!, {
      name: 'app-was', isPublic: false, port: 8081, cpu: 1024, memory: 3072, environment: { SAGEMAKER_ENDPOINT_NAME: 'image-classifier' },
    });
    was.taskDefinition.addToTaskRolePolicy(
      new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: [this.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: 'image-classifier' })] }),
    );
    const web = this.service(props.registry.repositories['app-web']!, {
      name: 'app-web', isPublic: true, port: 8000, cpu: 512, memory: 1024, environment: { APP_WAS_URL: `http://${was.loadBalancer.loadBalancerDnsName}` },
    });
    was.loadBalancer.connections.allowFrom(web.service, ec2.Port.tcp(80), 'A caller');
  }

  private service(repository: ecr.IRepository, { name, isPublic, port, cpu, memory, environment }: ServiceOptions): ApplicationLoadBalancedFargateService {
    const logGroup = new logs.LogGroup(this, `${name}-logs`, { logGroupName: `/ecs/${name}`, retention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY });
    const pattern = new ApplicationLoadBalancedFargateService(this, name, {
      cluster: this.cluster,
      serviceName: `${name}-service`,
      loadBalancerName: `${name}-alb`,
      publicLoadBalancer: isPublic,
      openListener: isPublic,
      cpu,
      memoryLimitMiB: memory,
      desiredCount: 2,
      minHealthyPercent: 100,
      runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
      circuitBreaker: { rollback: true },
      propagateTags: ecs.PropagatedTagSource.SERVICE,
      healthCheckGracePeriod: Duration.seconds(60),
      taskImageOptions: {
        image: ecs.ContainerImage.fromEcrRepository(repository, 'latest'),
        containerName: name,
        containerPort: port,
        family: `${name}-td`,
        environment,
        logDriver: ecs.LogDrivers.awsLogs({ streamPrefix: 'ecs', logGroup }),
      },
    });
    pattern.targetGroup.configureHealthCheck({ path: '/health', healthyHttpCodes: '200' });
    pattern.service
      .autoScaleTaskCount({ minCapacity: 2, maxCapacity: 4 })
      .scaleOnCpuUtilization('cpu', { policyName: `${name}-asg-policy`, targetUtilizationPercent: 70, scaleInCooldown: Duration.seconds(300), scaleOutCooldown: Duration.seconds(300) });
    return pattern;
  }
}

const app = new App();
const props = { env: { region: 'ap-northeast-2' }, tags: { project: 'bench', environment: 'dev', version: '0.1.0' } };
const network = new NetworkStack(app, 'network', { ...props, tags: { ...props.tags, layer: 'network', owner: 'platform-network' } });
const registry = new RegistryStack(app, 'registry', { ...props, tags: { ...props.tags, layer: 'registry', owner: 'platform-registry' } });
new ComputeStack(app, 'compute', { ...props, tags: { ...props.tags, layer: 'compute', owner: 'platform-compute' }, network, registry });
app.synth();
