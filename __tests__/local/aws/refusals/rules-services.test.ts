import { describeWithMoto, RefusingEmulator, TEST_ACCOUNT, TEST_REGION } from '../../../support/refusing-emulator';

jest.setTimeout(60_000);

const ZIP = 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==';
const trust = (principal: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });
const roleArn = (name: string) => `arn:aws:iam::${TEST_ACCOUNT}:role/${name}`;

/** Each title starts with the rule it is about: rules.test.ts looks for them. */
describeWithMoto('what AWS refuses of services, roles and data (needs moto_server on PATH)', () => {
  let aws: RefusingEmulator;
  beforeAll(async () => {
    aws = await RefusingEmulator.start('rules');
  }, 60_000);
  afterAll(() => aws?.stop());
  beforeEach(async () => {
    await fetch(`${aws.endpoint}/moto-api/reset`, { method: 'POST' });
  });

  const ecs = (operation: string, input: object = {}) => aws.call('ecs', operation, input);
  const iam = (operation: string, input: object = {}) => aws.call('iam', operation, input);
  const role = async (RoleName: string, service: string): Promise<string> => {
    await iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust({ Service: service }) });
    return roleArn(RoleName);
  };

  describe('ECS', () => {
    const container = { name: 'web', image: 'a', portMappings: [{ containerPort: 80 }] };
    const register = (more: object = {}, ...containers: object[]) =>
      ecs('RegisterTaskDefinition', {
        family: 'f',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: containers.length > 0 ? containers : [container],
        ...more,
      });
    /** A service, with the arn of a target group behind a load balancer. */
    async function service(more: object = {}, deploymentController = 'ECS') {
      const VpcId: string = (await aws.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
      const subnets: string[] = [];
      for (const [third, zone] of [
        [1, 'a'],
        [2, 'c'],
      ]) {
        const place = { CidrBlock: `10.0.${third}.0/24`, AvailabilityZone: `${TEST_REGION}${zone}` };
        subnets.push((await aws.call('ec2', 'CreateSubnet', { VpcId, ...place })).Subnet.SubnetId);
      }
      const { TargetGroupArn } = (
        await aws.call('elbv2', 'CreateTargetGroup', { Name: 't', Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'ip' })
      ).TargetGroups[0];
      await ecs('CreateCluster', { clusterName: 'c' });
      await register();
      const create = (settings: object = {}) =>
        ecs('CreateService', {
          cluster: 'c',
          serviceName: 's',
          taskDefinition: 'f:1',
          desiredCount: 1,
          networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: [] } },
          deploymentController: { type: deploymentController },
          ...more,
          ...settings,
        });
      const attach = async () => {
        const made = await aws.call('elbv2', 'CreateLoadBalancer', {
          Name: 'lb',
          Subnets: subnets,
          Scheme: 'internal',
        });
        await aws.call('elbv2', 'CreateListener', {
          LoadBalancerArn: made.LoadBalancers[0].LoadBalancerArn,
          Protocol: 'HTTP',
          Port: 80,
          DefaultActions: [{ Type: 'forward', TargetGroupArn }],
        });
      };
      const behind = (settings: object = {}) => ({
        loadBalancers: [{ targetGroupArn: TargetGroupArn, containerName: 'web', containerPort: 80, ...settings }],
      });
      return { create, attach, behind };
    }

    it('ecs-fargate-size: 256 CPU with 4096 MiB, but with 2048', async () => {
      await expect(register({ memory: '4096' })).rejects.toThrow(
        '400 ClientException: No Fargate configuration exists for given values: 256 CPU, 4096 memory',
      );
      await expect(register({ networkMode: 'bridge' })).rejects.toThrow('Fargate only supports network mode');
      await register({ memory: '2048' });
      await register({ cpu: '.5 vCPU', memory: '4 GB' });
    });

    it('ecs-task-definition-containers: names, ports, dependencies, sizes', async () => {
      const cases: [object, ...object[]][] = [
        [{}, container, container],
        [{}, { ...container, essential: false }],
        [{}, { ...container, portMappings: [{ containerPort: 80, hostPort: 81 }] }],
        [{}, { ...container, dependsOn: [{ containerName: 'b', condition: 'START' }] }],
        [{}, { ...container, memory: 513 }],
        [{}, { ...container, cpu: 257 }],
        [{}, { ...container, stopTimeout: 121 }],
        [{ ephemeralStorage: { sizeInGiB: 20 } }, container],
      ];
      for (const [more, ...containers] of cases)
        await expect(register(more, ...containers)).rejects.toThrow('400 ClientException');
      const other = {
        name: 'b',
        image: 'b',
        dependsOn: [{ containerName: 'web', condition: 'START' }],
        stopTimeout: 120,
      };
      await register({ ephemeralStorage: { sizeInGiB: 21 } }, container, other);
    });

    it('ecs-execution-role: logs without one', async () => {
      const logging = { ...container, logConfiguration: { logDriver: 'awslogs', options: {} } };
      await expect(register({}, logging)).rejects.toThrow(
        'Fargate requires task definition to have execution role ARN to support log driver awslogs',
      );
      await register({ executionRoleArn: roleArn('r') }, logging);
    });

    it('ecs-service-load-balancers: a target group without a load balancer, a wrong port', async () => {
      const { create, attach, behind } = await service();
      await expect(create(behind())).rejects.toThrow('does not have an associated load balancer');
      await attach();
      await expect(create(behind({ containerPort: 81 }))).rejects.toThrow(
        'The container web did not have a container port 81 defined',
      );
      await expect(create(behind({ containerName: 'w' }))).rejects.toThrow('The container w does not exist');
      await create(behind());
    });

    it('ecs-service-grace-period: without a load balancer', async () => {
      const { create, attach, behind } = await service({ healthCheckGracePeriodSeconds: 60 });
      await expect(create()).rejects.toThrow('Health check grace period is only valid for services configured to use');
      await attach();
      await create(behind());
    });

    it('ecs-update-under-code-deploy: another task definition, but another count', async () => {
      const { create, attach, behind } = await service({}, 'CODE_DEPLOY');
      await attach();
      await create(behind());
      const update = (changes: object) => ecs('UpdateService', { cluster: 'c', service: 's', ...changes });
      await expect(update({ taskDefinition: 'f:1' })).rejects.toThrow(
        '400 InvalidParameterException: Unable to update task definition on services with a CODE_DEPLOY deployment controller',
      );
      for (const changes of [
        { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } },
        { enableExecuteCommand: true },
        { forceNewDeployment: true },
      ])
        await expect(update(changes)).rejects.toThrow('with a CODE_DEPLOY deployment controller');
      await update({ desiredCount: 2 });
    });

    it('ecs-service-deployment-controller: a circuit breaker under CODE_DEPLOY', async () => {
      const { create, attach, behind } = await service({}, 'CODE_DEPLOY');
      await attach();
      const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
      await expect(create({ ...behind(), ...breaker })).rejects.toThrow('Deployment circuit breaker feature');
      await create(behind());
    });

    it('ecs-service-exists, ecs-service-in-use, ecs-cluster-in-use and application-autoscaling-target', async () => {
      const { create } = await service();
      const target = {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: 'service/c/s',
      };
      const scale = (MinCapacity: number, MaxCapacity: number) =>
        aws.call('application-autoscaling', 'RegisterScalableTarget', { ...target, MinCapacity, MaxCapacity });
      await expect(scale(1, 2)).rejects.toThrow("400 ValidationException: ECS service doesn't exist");
      await create();
      await expect(scale(3, 2)).rejects.toThrow('Maximum capacity cannot be less than minimum capacity');
      await scale(1, 2);
      await expect(create()).rejects.toThrow('Creation of service was not idempotent');
      const remove = (force: boolean) => ecs('DeleteService', { cluster: 'c', service: 's', force });
      await expect(remove(false)).rejects.toThrow('The service cannot be stopped while it is scaled above 0');
      await expect(ecs('DeleteCluster', { cluster: 'c' })).rejects.toThrow('ClusterContainsServicesException');
      await remove(true);
      await ecs('DeleteCluster', { cluster: 'c' });
    });

    it('codedeploy-ecs-service and codedeploy-role: a group for a service that ECS deploys', async () => {
      const { create } = await service();
      await create();
      await aws.call('codedeploy', 'CreateApplication', { applicationName: 'a', computePlatform: 'ECS' });
      const group = (serviceRoleArn: string, ecsServices: object[]) =>
        aws.call('codedeploy', 'CreateDeploymentGroup', {
          applicationName: 'a',
          deploymentGroupName: 'g',
          serviceRoleArn,
          ecsServices,
        });
      const deployer = await role('deployer', 'codedeploy.amazonaws.com');
      const builder = await role('builder', 'codebuild.amazonaws.com');
      const ours = [{ clusterName: 'c', serviceName: 's' }];
      await expect(group(deployer, ours)).rejects.toThrow('400 InvalidECSServiceException');
      await expect(group(builder, [])).rejects.toThrow('400 InvalidRoleException');
      await group(deployer, []);
    });
  });

  describe('IAM', () => {
    const policy = (length: number) => {
      const document = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '' }],
      };
      document.Statement[0]!.Resource = `arn:aws:s3:::${'b'.repeat(length - JSON.stringify(document).length - 13)}`;
      return JSON.stringify(document, undefined, 2);
    };

    it('iam-inline-policy-size: 10,241 characters in two policies, white space not counted', async () => {
      await role('r', 'ecs-tasks.amazonaws.com');
      const put = (PolicyName: string, length: number) =>
        iam('PutRolePolicy', { RoleName: 'r', PolicyName, PolicyDocument: policy(length) });
      await put('a', 5000);
      await expect(put('b', 5241)).rejects.toThrow(
        '409 LimitExceeded: Maximum policy size of 10240 bytes exceeded for role r',
      );
      await put('b', 5240);
    });

    it('iam-policy-size and iam-attached-policies-quota', async () => {
      const create = (PolicyName: string, length: number) =>
        iam('CreatePolicy', { PolicyName, PolicyDocument: policy(length) });
      await expect(create('a', 6145)).rejects.toThrow('409 LimitExceeded: Cannot exceed quota for PolicySize: 6144');
      await role('r', 'ecs-tasks.amazonaws.com');
      const attach = async (index: number) => {
        const { Arn } = (await create(`p${index}`, 6144)).Policy;
        await iam('AttachRolePolicy', { RoleName: 'r', PolicyArn: Arn });
      };
      for (let i = 0; i < 10; i += 1) await attach(i);
      await expect(attach(10)).rejects.toThrow('Cannot exceed quota for PoliciesPerRole: 10');
    });

    it('iam-trust-principals: a role that does not exist, a service that is none', async () => {
      const create = (RoleName: string, principal: object) =>
        iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust(principal) });
      await expect(create('r', { AWS: roleArn('nobody') })).rejects.toThrow(
        `400 MalformedPolicyDocument: Invalid principal in policy: "AWS":"${roleArn('nobody')}"`,
      );
      await expect(create('r', { Service: 'ecs' })).rejects.toThrow('Invalid principal in policy: "SERVICE":"ecs"');
      await role('somebody', 'ecs-tasks.amazonaws.com');
      await create('r', { AWS: [roleArn('somebody'), `arn:aws:iam::${TEST_ACCOUNT}:root`] });
    });

    it('iam-duplicate-tags: Owner beside owner', async () => {
      const create = (...keys: string[]) =>
        iam('CreateRole', {
          RoleName: 'r',
          AssumeRolePolicyDocument: trust({ Service: 'ecs-tasks.amazonaws.com' }),
          Tags: keys.map((Key) => ({ Key, Value: 'v' })),
        });
      await expect(create('owner', 'Owner')).rejects.toThrow('400 InvalidInput: Duplicate tag keys found');
      await create('owner', 'team');
    });
  });

  describe('functions, queues, logs and alarms', () => {
    const createFunction = (settings: object) =>
      aws.rest('lambda', '/2015-03-31/functions', {
        method: 'POST',
        body: JSON.stringify({
          FunctionName: 'f',
          Handler: 'a.b',
          Runtime: 'nodejs20.x',
          Role: roleArn('lambda'),
          Code: { ZipFile: ZIP },
          ...settings,
        }),
      });

    it('lambda-limits, lambda-role and lambda-function-exists', async () => {
      await role('lambda', 'lambda.amazonaws.com');
      await role('tasks', 'ecs-tasks.amazonaws.com');
      await expect(createFunction({ Timeout: 901 })).rejects.toThrow(
        "400 ValidationException: 1 validation error detected: Value '901'",
      );
      await expect(createFunction({ Environment: { Variables: { AWS_REGION: 'x' } } })).rejects.toThrow(
        'Reserved keys used in this request: AWS_REGION',
      );
      await expect(createFunction({ Environment: { Variables: { A: 'x'.repeat(4096) } } })).rejects.toThrow(
        '4KB limit',
      );
      await expect(createFunction({ Role: roleArn('tasks') })).rejects.toThrow(
        '400 InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda',
      );
      await createFunction({ Timeout: 900, Environment: { Variables: { A: 'x'.repeat(4000) } } });
      await expect(createFunction({})).rejects.toThrow('409 ResourceConflictException: Function already exist: f');
    });

    it('lambda-reserved-concurrency: 901, but 900', async () => {
      await role('lambda', 'lambda.amazonaws.com');
      await createFunction({});
      const reserve = (ReservedConcurrentExecutions: number) =>
        aws.rest('lambda', '/2017-10-31/functions/f/concurrency', {
          method: 'PUT',
          body: JSON.stringify({ ReservedConcurrentExecutions }),
        });
      await expect(reserve(901)).rejects.toThrow('below its minimum value of [100]');
      await reserve(900);
    });

    it('lambda-queue-visibility, sqs-queue-attributes, sqs-queue-name and sqs-dead-letter-queue', async () => {
      await role('lambda', 'lambda.amazonaws.com');
      await createFunction({ Timeout: 60 });
      const queue = (QueueName: string, Attributes: object = {}) =>
        aws.call('sqs', 'CreateQueue', { QueueName, Attributes });
      await expect(queue('q', { VisibilityTimeout: '43201' })).rejects.toThrow(
        '400 InvalidAttributeValue: Invalid value for the parameter VisibilityTimeout',
      );
      for (const name of ['a b', 'a'.repeat(81)])
        await expect(queue(name)).rejects.toThrow('400 InvalidParameterValue');
      await queue('short', { VisibilityTimeout: '59' });
      await queue('long', { VisibilityTimeout: '60' });
      const arn = (name: string, region = TEST_REGION) => `arn:aws:sqs:${region}:${TEST_ACCOUNT}:${name}`;
      const dead = (deadLetterTargetArn: string, maxReceiveCount: number) =>
        queue('q', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
      await expect(dead(arn('none'), 3)).rejects.toThrow('Dead letter target does not exist');
      await expect(dead(arn('long', 'us-east-1'), 3)).rejects.toThrow('Dead letter target does not exist');
      await expect(dead(arn('long'), 1001)).rejects.toThrow('Invalid value for maxReceiveCount');
      await dead(arn('long'), 3);
      const map = (name: string) =>
        aws.rest('lambda', '/2015-03-31/event-source-mappings', {
          method: 'POST',
          body: JSON.stringify({ FunctionName: 'f', EventSourceArn: arn(name) }),
        });
      await expect(map('short')).rejects.toThrow(
        'Queue visibility timeout: 59 seconds is less than Function timeout: 60 seconds',
      );
      await map('long');
    });

    it('logs-retention, logs-key-policy, kms-key-policy and kms-alias', async () => {
      const key = (...statements: object[]) =>
        aws.call('kms', 'CreateKey', { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
      const own = {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${TEST_ACCOUNT}:root` },
        Action: 'kms:*',
        Resource: '*',
      };
      const logging = {
        Effect: 'Allow',
        Principal: { Service: `logs.${TEST_REGION}.amazonaws.com` },
        Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        Resource: '*',
      };
      await expect(key(logging)).rejects.toThrow('will not allow you to update the key policy in the future');
      await expect(key(own, { ...own, Principal: { AWS: roleArn('nobody') } })).rejects.toThrow('invalid principals');
      const [plain, fit] = [(await key(own)).KeyMetadata, (await key(own, logging)).KeyMetadata];
      const group = (kmsKeyId: string) => aws.call('logs', 'CreateLogGroup', { logGroupName: 'g', kmsKeyId });
      await expect(group(plain.Arn)).rejects.toThrow(
        '400 InvalidParameterException: The specified KMS key does not exist',
      );
      await group(fit.Arn);
      const keep = (retentionInDays: number) =>
        aws.call('logs', 'PutRetentionPolicy', { logGroupName: 'g', retentionInDays });
      await expect(keep(31)).rejects.toThrow("Value '31' at 'retentionInDays'");
      await keep(30);
      const alias = (AliasName: string) => aws.call('kms', 'CreateAlias', { AliasName, TargetKeyId: fit.KeyId });
      await expect(alias('alias/aws/mine')).rejects.toThrow('400 NotAuthorizedException');
      await alias('alias/mine');
    });

    it('cloudwatch-alarm-actions: a topic of another region', async () => {
      const alarm = (region: string) =>
        aws.rest('monitoring', '/', {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            Action: 'PutMetricAlarm',
            Version: '2010-08-01',
            AlarmName: 'a',
            ComparisonOperator: 'GreaterThanThreshold',
            EvaluationPeriods: '1',
            MetricName: 'm',
            Namespace: 'n',
            Period: '60',
            Statistic: 'Sum',
            Threshold: '1',
            'AlarmActions.member.1': `arn:aws:sns:${region}:${TEST_ACCOUNT}:t`,
          }).toString(),
        });
      await expect(alarm('us-east-1')).rejects.toThrow('400 ValidationError: Invalid region us-east-1 specified');
      await alarm(TEST_REGION);
    });

    it('events-schedule, scheduler-schedule and scheduler-role', async () => {
      const put = (ScheduleExpression: string) => aws.call('events', 'PutRule', { Name: 'r', ScheduleExpression });
      for (const wrong of ['rate(1 days)', 'cron(0 3 * * MON *)', 'cron(0 3 * * ?)', 'every day'])
        await expect(put(wrong)).rejects.toThrow('400 ValidationException: Parameter ScheduleExpression is not valid');
      for (const right of ['rate(1 day)', 'rate(5 minutes)', 'cron(0 3 ? * MON-FRI *)']) await put(right);
      const starter = await role('starter', 'scheduler.amazonaws.com');
      const other = await role('other', 'lambda.amazonaws.com');
      const schedule = (RoleArn: string, ScheduleExpression: string) =>
        aws.rest('scheduler', '/schedules/s', {
          method: 'POST',
          body: JSON.stringify({
            ScheduleExpression,
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: { Arn: `arn:aws:sqs:${TEST_REGION}:${TEST_ACCOUNT}:q`, RoleArn },
          }),
        });
      await expect(schedule(starter, 'rate(1 days)')).rejects.toThrow('Invalid Schedule Expression rate(1 days)');
      await expect(schedule(other, 'rate(1 day)')).rejects.toThrow('must allow AWS EventBridge Scheduler to assume');
      await schedule(starter, 'rate(1 day)');
    });
  });

  describe('S3', () => {
    const bucket = (name: string) =>
      aws.rest('s3', `/${name}`, {
        method: 'PUT',
        body: `<CreateBucketConfiguration><LocationConstraint>${TEST_REGION}</LocationConstraint></CreateBucketConfiguration>`,
      });

    it('s3-bucket-name', async () => {
      for (const name of ['ab', 'Photos', 'a..b', '10.0.0.1', 'xn--a', 'photos-s3alias', 'a'.repeat(64)])
        await expect(bucket(name)).rejects.toThrow('400 InvalidBucketName');
      await bucket('photos.2026');
    });

    it('s3-bucket-policy: another bucket, a role that does not exist', async () => {
      await bucket('photos');
      const put = (Resource: string, principal: string) =>
        aws.rest('s3', '/photos?policy', {
          method: 'PUT',
          body: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource }],
          }),
        });
      const root = `arn:aws:iam::${TEST_ACCOUNT}:root`;
      await expect(put('arn:aws:s3:::other/*', root)).rejects.toThrow(
        '400 MalformedPolicy: Policy has invalid resource',
      );
      await expect(put('arn:aws:s3:::photos/*', roleArn('nobody'))).rejects.toThrow('Invalid principal in policy');
      await put('arn:aws:s3:::photos/*', root);
    });

    it('s3-lifecycle-days: infrequent access after 29 days', async () => {
      await bucket('photos');
      const put = (days: number) =>
        aws.rest('s3', '/photos?lifecycle', {
          method: 'PUT',
          body:
            '<LifecycleConfiguration><Rule><ID>a</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>' +
            `<Transition><Days>${days}</Days><StorageClass>STANDARD_IA</StorageClass></Transition></Rule></LifecycleConfiguration>`,
        });
      await expect(put(29)).rejects.toThrow("400 InvalidArgument: 'Days' in Transition action");
      await put(30);
    });
  });

  describe('SageMaker and pipelines', () => {
    const sagemaker = (operation: string, input: object) => aws.call('sagemaker', operation, input);

    it('sagemaker-role, sagemaker-references and sagemaker-traffic-routing', async () => {
      const ExecutionRoleArn = await role('model', 'sagemaker.amazonaws.com');
      const model = (arn: string) =>
        sagemaker('CreateModel', { ModelName: 'm', ExecutionRoleArn: arn, PrimaryContainer: { Image: 'i' } });
      await expect(model(roleArn('nobody'))).rejects.toThrow(
        `400 ValidationException: Could not assume role ${roleArn('nobody')}`,
      );
      const variant = { VariantName: 'v', ModelName: 'm', InstanceType: 'ml.m5.large' };
      const configure = (EndpointConfigName: string, InitialInstanceCount: number) =>
        sagemaker('CreateEndpointConfig', {
          EndpointConfigName,
          ProductionVariants: [{ ...variant, InitialInstanceCount }],
        });
      await expect(configure('one', 1)).rejects.toThrow('Could not find model "m"');
      await model(ExecutionRoleArn);
      await configure('one', 1);
      await configure('two', 2);
      const endpoint = (operation: string, EndpointConfigName: string, more: object = {}) =>
        sagemaker(operation, { EndpointName: 'e', EndpointConfigName, ...more });
      await expect(endpoint('CreateEndpoint', 'none')).rejects.toThrow('Could not find endpoint configuration "none"');
      await endpoint('CreateEndpoint', 'one');
      const canary = {
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 60 },
          },
        },
      };
      await expect(endpoint('UpdateEndpoint', 'one', canary)).rejects.toThrow('a CANARY deployment needs 2');
      await endpoint('UpdateEndpoint', 'two', canary);
    });

    // Read by the rule at each request.
    beforeAll(() => {
      process.env.STRATA_EMULATOR_LEFTOVERS = 'on';
    });
    afterAll(() => {
      delete process.env.STRATA_EMULATOR_LEFTOVERS;
    });

    it('sagemaker-domain-in-use: by a profile; its security groups stay in the VPC', async () => {
      const ExecutionRole = await role('studio', 'sagemaker.amazonaws.com');
      const VpcId: string = (await aws.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
      const made = await sagemaker('CreateDomain', {
        DomainName: 'd',
        AuthMode: 'IAM',
        DefaultUserSettings: { ExecutionRole },
        SubnetIds: ['subnet-1'],
        VpcId,
      });
      const DomainId = String(made.DomainArn).split('/')[1];
      await sagemaker('CreateUserProfile', { DomainId, UserProfileName: 'u' });
      await expect(sagemaker('DeleteDomain', { DomainId })).rejects.toThrow('UserProfile(s) are associated with it');
      await sagemaker('DeleteUserProfile', { DomainId, UserProfileName: 'u' });
      await sagemaker('DeleteDomain', { DomainId });
      const remove = () => aws.call('ec2', 'DeleteVpc', { VpcId });
      await expect(remove()).rejects.toThrow('DependencyViolation');
      const groups = async (direction: string) => {
        const Filters = [{ Name: 'group-name', Values: [`security-group-for-${direction}-nfs-${DomainId}`] }];
        return (await aws.call('ec2', 'DescribeSecurityGroups', { Filters })).SecurityGroups[0];
      };
      const [inbound, outbound] = [await groups('inbound'), await groups('outbound')];
      await expect(aws.call('ec2', 'DeleteSecurityGroup', { GroupId: inbound.GroupId })).rejects.toThrow(
        'DependencyViolation',
      );
      await aws.call('ec2', 'RevokeSecurityGroupIngress', {
        GroupId: inbound.GroupId,
        IpPermissions: inbound.IpPermissions,
      });
      await aws.call('ec2', 'DeleteSecurityGroup', { GroupId: outbound.GroupId });
      await aws.call('ec2', 'DeleteSecurityGroup', { GroupId: inbound.GroupId });
      await remove();
    });

    it('codepipeline-structure, codepipeline-role and codebuild-role', async () => {
      const owner = await role('pipeline', 'codepipeline.amazonaws.com');
      const action = (name: string, category: string, inputs: string[], outputs: string[]) => ({
        name,
        actionTypeId: { category, owner: 'AWS', provider: category === 'Source' ? 'S3' : 'CodeBuild', version: '1' },
        inputArtifacts: inputs.map((artifact) => ({ name: artifact })),
        outputArtifacts: outputs.map((artifact) => ({ name: artifact })),
        configuration: {},
      });
      const create = (roleArn_: string, ...actions: object[][]) =>
        aws.call('codepipeline', 'CreatePipeline', {
          pipeline: {
            name: 'p',
            roleArn: roleArn_,
            artifactStore: { type: 'S3', location: 'b' },
            stages: actions.map((list, index) => ({ name: `s${index}`, actions: list })),
          },
        });
      const source = action('Source', 'Source', [], ['code']);
      await expect(create(owner, [source])).rejects.toThrow('400 InvalidStructureException');
      await expect(create(owner, [source], [action('Build', 'Build', ['other'], [])])).rejects.toThrow(
        'Input Artifact Bundle other in action Build is not declared as Output Artifact Bundle',
      );
      await expect(create(owner, [source], [source])).rejects.toThrow('the first stage has source actions only');
      const builder = await role('builder', 'codebuild.amazonaws.com');
      await expect(create(builder, [source], [action('Build', 'Build', ['code'], [])])).rejects.toThrow(
        'CodePipeline is not authorized to perform AssumeRole',
      );
      await create(owner, [source], [action('Build', 'Build', ['code'], [])]);
      const project = (serviceRole: string) =>
        aws.call('codebuild', 'CreateProject', {
          name: 'p',
          source: { type: 'CODEPIPELINE' },
          artifacts: { type: 'CODEPIPELINE' },
          environment: { type: 'LINUX_CONTAINER', image: 'i', computeType: 'BUILD_GENERAL1_SMALL' },
          serviceRole,
        });
      await expect(project(owner)).rejects.toThrow('400 InvalidInputException: CodeBuild is not authorized to perform');
      await project(builder);
    });
  });
});
