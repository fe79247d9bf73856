// The ml layer beside the others: from an empty account, changed, handed over between its owners, destroyed.
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  DeleteVpcCommand,
  DescribeInternetGatewaysCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  CreateModelPackageCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribePipelineCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { actAs } from '../../local/aws/act-as';
import { createHandler } from '../../sagemaker/deploy-endpoint/handler';
import { expectSaid, oneLine, runCommand } from '../support/e2e/command';
import { journey } from '../support/e2e/journey';
import { tryPipelineAsRoles } from '../support/e2e/pipeline-roles';
import { repository } from '../support/e2e/project';
import { added, inventory } from '../support/e2e/remaining';
import { World } from '../support/e2e/world';

const LAYERS = ['network', 'registry', 'ml', 'compute'];
const UNCHANGED = { network: [], registry: [], ml: [], compute: [] };
const IMAGE = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';
const MODEL = 's3://shop-models/flowers/1/model.tar.gz';
/** For steps that deploy or plan all layers, on a machine that may be busy. */
const LONG = 600_000;

journey('the ml layer', (step) => {
  const world = new World();
  let unchanged: Record<string, string>;
  afterAll(() => world.stop());

  const configure = (ml: object): void =>
    world.configure({ state: { type: 'local' }, layers: { network: {}, registry: {}, ml, compute: {} } });
  const sagemaker = () => new SageMakerClient(world.clients);
  /** The endpoint that app-was is told, and those that its role may invoke. */
  const invoked = async () => {
    const [ecs, iam] = [new ECSClient(world.clients), new IAMClient(world.clients)];
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'app-was-td' }));
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: 'ecsWasTaskRole' }));
    const policies = await Promise.all(
      PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName: 'ecsWasTaskRole', PolicyName }))),
    );
    return {
      told: taskDefinition?.containerDefinitions?.[0]?.environment?.find(
        ({ name }) => name === 'SAGEMAKER_ENDPOINT_NAME',
      )?.value,
      allowed: policies.flatMap(
        ({ PolicyDocument = '' }) => decodeURIComponent(PolicyDocument).match(/endpoint\/[a-z0-9-]+/g) ?? [],
      ),
    };
  };

  step('the emulator starts, and leaves behind what SageMaker leaves', () =>
    world.start({ STRATA_EMULATOR_LEFTOVERS: 'on' }),
  );

  step(
    "all layers are deployed at once into an empty account; compute goes by the endpoint's name",
    async () => {
      configure({});
      const said = await world.project.deploy(LAYERS);
      expectSaid(said, 'layer "ml" is not deployed: app-was may invoke the endpoint "image-classifier"');
      expect(added(world.before, await inventory(world.clients))).toMatchObject({
        functions: ['image-classifier-deploy'],
        studioDomains: ['app-sagemaker-studio'],
        modelPipelines: ['AppMlPipeline-Deploy', 'AppMlPipeline-Model', 'AppMlPipeline-Train'],
        modelPackageGroups: ['shop-e2e-image-classifier'],
        buckets: [expect.stringMatching(/^shop-e2e-ml-artifacts-/), expect.stringMatching(/^shop-e2e-ml-dataset-/)],
        repositories: ['app-was', 'app-web', 'model-endpoint'],
      });
      expect(await invoked()).toEqual({ told: 'image-classifier', allowed: ['endpoint/image-classifier'] });
    },
    LONG,
  );

  step(
    'nothing runs, and so costs, before a model is deployed',
    async () => {
      const { endpoints, endpointConfigs, models } = await inventory(world.clients);
      expect({ endpoints, endpointConfigs, models }).toEqual({ endpoints: [], endpointConfigs: [], models: [] });
    },
    LONG,
  );

  step(
    'the deploy function brings a registered model to the endpoint with the rights of its role, and no others',
    async () => {
      const { ModelPackageArn: modelPackageArn } = await sagemaker().send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: 'shop-e2e-image-classifier',
          ModelApprovalStatus: 'Approved',
          InferenceSpecification: {
            Containers: [{ Image: IMAGE, ModelDataUrl: MODEL }],
            SupportedContentTypes: ['image/jpeg'],
            SupportedResponseMIMETypes: ['application/json'],
          },
        }),
      );
      const { Role = '', Environment } = await new LambdaClient(world.clients).send(
        new GetFunctionConfigurationCommand({ FunctionName: 'image-classifier-deploy' }),
      );
      const { endpoint, region } = world.clients;
      const config = { endpoint, region, credentials: await actAs(endpoint, Role, 'image-classifier-deploy') };
      const deploy = createHandler({
        clients: {
          sagemaker: new SageMakerClient(config),
          ssm: new SSMClient(config),
          scaling: new ApplicationAutoScalingClient(config),
          cloudwatch: new CloudWatchClient(config),
        },
        environment: { ...Environment?.Variables, INFERENCE_IMAGE_URI: IMAGE },
        pollMilliseconds: 50,
        log: () => undefined,
      });
      expect(await deploy({ modelPackageArn })).toMatchObject({ endpointName: 'image-classifier', action: 'created' });
      const { EndpointStatus } = await sagemaker().send(
        new DescribeEndpointCommand({ EndpointName: 'image-classifier' }),
      );
      expect(EndpointStatus).toBe('InService');

      const iam = new IAMClient(world.clients);
      const less = { RoleName: Role.split('/').at(-1)!, PolicyName: 'less' };
      const Statement = [{ Effect: 'Deny', Action: 'sagemaker:DescribeModelPackage', Resource: '*' }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await iam.send(new PutRolePolicyCommand({ ...less, PolicyDocument }));
      await expect(deploy({ modelPackageArn })).rejects.toThrow(
        `assumed-role/${less.RoleName}/image-classifier-deploy is not authorized to perform: ` +
          `sagemaker:DescribeModelPackage on resource: ${modelPackageArn} with an explicit deny`,
      );
      await iam.send(new DeleteRolePolicyCommand(less));

      await sagemaker().send(new DeleteEndpointCommand({ EndpointName: 'image-classifier' }));
      const { endpointConfigs = [], models = [] } = await inventory(world.clients);
      for (const EndpointConfigName of endpointConfigs)
        await sagemaker().send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
      for (const ModelName of models) await sagemaker().send(new DeleteModelCommand({ ModelName }));
    },
    LONG,
  );

  step(
    'a pipeline and its jobs do what they do with the rights of their roles',
    async () => {
      const tried = await tryPipelineAsRoles(world.clients, 'AppMlPipeline-Deploy');
      expect([...tried].filter(([, refusal]) => refusal !== '')).toEqual([]);
      expect([...tried.keys()]).toEqual(
        expect.arrayContaining([
          'Train: CreateTrainingJob',
          expect.stringMatching(/^Train: write /),
          'Evaluate: CreateProcessingJob',
          'Register: CreateModelPackage',
          'Deploy: Invoke',
        ]),
      );
    },
    LONG,
  );

  step(
    "the second plan of every layer is empty, also where compute now reads the ml layer's contract",
    async () => {
      expect(await world.project.changes(LAYERS)).toEqual(UNCHANGED);
      const deployed = world.project.synthesized(LAYERS);
      await world.project.synth();
      expect({ ...world.project.synthesized(LAYERS), compute: '' }).toEqual({ ...deployed, compute: '' });
      unchanged = world.project.synthesized(['network', 'registry']);
      const plan = ['plan', '-input=false', '-no-color', '-detailed-exitcode'];
      const { status, output } = await world.project.terraform('compute', plan);
      expect(status).toBe(0);
      expect(output).not.toContain('layer "ml" is not deployed');
    },
    LONG,
  );

  step(
    'the training code and a place for no test set are in the artifact bucket, which the pipelines name',
    async () => {
      const { artifact_bucket_name: Bucket, pipelines } = (await world.project.outputs('ml')) as {
        artifact_bucket_name: string;
        pipelines: Record<string, { name: string }>;
      };
      const { Contents = [] } = await new S3Client({ ...world.clients, forcePathStyle: true }).send(
        new ListObjectsV2Command({ Bucket }),
      );
      expect(Contents.map(({ Key }) => Key)).toEqual(
        expect.arrayContaining([
          'code/sourcedir.tar.gz',
          'code/source/train.py',
          'code/source/evaluate.py',
          'no-test-data/no-test-data.json',
        ]),
      );
      const { ContentType } = await new S3Client({ ...world.clients, forcePathStyle: true }).send(
        new HeadObjectCommand({ Bucket, Key: 'code/sourcedir.tar.gz' }),
      );
      expect(ContentType).toBe('application/gzip');
      const { PipelineDefinition = '' } = await sagemaker().send(
        new DescribePipelineCommand({ PipelineName: pipelines.deploy!.name }),
      );
      expect(PipelineDefinition).toContain(`s3://${Bucket}/code/sourcedir.tar.gz`);
      expect((JSON.parse(PipelineDefinition) as { Steps: { Name: string }[] }).Steps.map(({ Name }) => Name)).toEqual([
        'InferenceImage',
        'Train',
        'Evaluate',
        'AccurateEnough',
      ]);
    },
    LONG,
  );

  step(
    'another kind of endpoint, with another name, changes the function in place and nothing of the other layers',
    async () => {
      configure({
        endpointName: 'flowers',
        modelReaderAccountIds: ['111122223333'],
        endpoint: {
          hosting: 'realtime',
          instanceType: 'ml.c7g.large',
          initialInstanceCount: 2,
          updateStrategy: 'canary',
          alarms: {},
          dataCapture: true,
          scaling: { minCapacity: 2, maxCapacity: 3 },
        },
      });
      await world.project.synth();
      // The same JSON, which reads the same states, has the same plan.
      expect(world.project.synthesized(['network', 'registry'])).toEqual(unchanged);
      const changes = await world.project.changes(['ml', 'compute']);
      expect(changes.compute).toEqual([]);
      expect(changes.ml).toContainEqual(expect.stringMatching(/^aws_lambda_function\.\S+ .*must be replaced$/));
      expect(changes.ml!.filter((change) => /aws_(s3_bucket|sagemaker_domain)\./.test(change))).toEqual([]);

      await world.project.apply('ml', { STRATA_LAYERS: 'ml' });
      const outputs = await world.project.outputs('ml');
      expect(outputs).toMatchObject({
        endpoint_name: 'flowers',
        endpoint_kind: 'realtime',
        image_architecture: 'ARM64',
      });
      const { Environment } = await new LambdaClient(world.clients).send(
        new GetFunctionConfigurationCommand({ FunctionName: 'flowers-deploy' }),
      );
      expect(JSON.parse(Environment?.Variables?.ENDPOINT_CONFIG ?? '')).toMatchObject({
        hosting: 'realtime',
        variant: { InstanceType: 'ml.c7g.large' },
        autoscaling: { target: { MaxCapacity: 3 } },
        deploymentConfig: {
          AutoRollbackConfiguration: { Alarms: expect.arrayContaining([{ AlarmName: 'flowers-5xx' }]) },
        },
        endpointConfig: {
          DataCaptureConfig: { DestinationS3Uri: `s3://${String(outputs.artifact_bucket_name)}/data-capture/` },
        },
      });
    },
    LONG,
  );

  step(
    'app-was follows the contract: its role and its environment name the new endpoint',
    async () => {
      const said = await world.project.apply('compute', { STRATA_LAYERS: 'compute' });
      expect(oneLine(said)).not.toContain('layer "ml" is not deployed');
      expect(await invoked()).toEqual({ told: 'flowers', allowed: ['endpoint/flowers'] });
      await world.project.synth();
      expect(await world.project.changes(['ml', 'compute'])).toEqual({ ml: [], compute: [] });
    },
    LONG,
  );

  step(
    'Terraform can own the endpoint instead: it makes it, and no function is left that could change it',
    async () => {
      configure({
        endpointName: 'flowers',
        endpoint: { owner: 'terraform', image: IMAGE, variants: [{ modelDataUrl: MODEL }] },
      });
      await world.project.apply('ml', { STRATA_LAYERS: 'ml' });
      const { functions, endpoints, modelPipelines } = await inventory(world.clients);
      expect({ functions, endpoints, modelPipelines }).toEqual({
        functions: [],
        endpoints: ['flowers'],
        modelPipelines: ['AppMlPipeline-Model', 'AppMlPipeline-Train'],
      });
      expect(await world.project.changes(['ml'])).toEqual({ ml: [] });
    },
    LONG,
  );

  step(
    'a new model gets a new configuration, and the endpoint is updated in place',
    async () => {
      const served = async () => {
        const { EndpointConfigName } = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: 'flowers' }));
        return (await sagemaker().send(new DescribeEndpointConfigCommand({ EndpointConfigName })))
          .ProductionVariants?.[0]?.ModelName;
      };
      const before = await served();
      configure({
        endpointName: 'flowers',
        endpoint: { owner: 'terraform', image: IMAGE, variants: [{ modelDataUrl: MODEL.replace('/1/', '/2/') }] },
      });
      await world.project.synth();
      const { ml } = await world.project.changes(['ml']);
      expect(ml).toContainEqual(expect.stringMatching(/^aws_sagemaker_endpoint\.\S+ .*will be updated in-place$/));
      await world.project.apply('ml', { STRATA_LAYERS: 'ml' });
      expect(await served()).not.toBe(before);
      expect((await inventory(world.clients)).endpointConfigs).toHaveLength(1);
    },
    LONG,
  );

  step(
    'cdktf destroy leaves nothing of the layers above the network',
    async () => {
      configure({
        endpointName: 'flowers',
        endpoint: { owner: 'terraform', image: IMAGE, variants: [{ modelDataUrl: MODEL.replace('/1/', '/2/') }] },
      });
      await world.project.destroy(LAYERS.filter((layer) => layer !== 'network'));
    },
    LONG,
  );

  step(
    "SageMaker's security groups keep the VPC until npm run studio-leftovers deletes them; then nothing is left",
    async () => {
      const { vpc_id: VpcId } = (await world.project.outputs('network')) as { vpc_id: string };
      const ec2 = new EC2Client(world.clients);
      const attached = { Filters: [{ Name: 'attachment.vpc-id', Values: [VpcId] }] };
      // Terraform goes on asking for five minutes while something is left in the VPC.
      const destroyed = world.project.startTerraform('network', ['destroy', '-auto-approve', '-no-color']);
      for (;;) {
        const { Subnets } = await ec2.send(
          new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
        );
        const { InternetGateways } = await ec2.send(new DescribeInternetGatewaysCommand(attached));
        if (Subnets?.length === 0 && InternetGateways?.length === 0) break;
        await pause(200);
      }
      await expect(ec2.send(new DeleteVpcCommand({ VpcId }))).rejects.toMatchObject({ name: 'DependencyViolation' });
      const said = await runCommand(
        process.execPath,
        ['--import', require.resolve('tsx'), path.join(repository, 'scripts/studio-leftovers.ts'), '--delete'],
        {
          cwd: world.project.folder,
          environment: { ...world.aws.environment, TSX_TSCONFIG_PATH: path.join(repository, 'tsconfig.json') },
        },
      );
      expect(said.output).toMatch(new RegExp(`^deleted sg-\\w+, sg-\\w+ of the domain d-\\w+ in ${VpcId}`, 'm'));
      expect(said.status).toBe(0);
      expect((await destroyed.ended).output).toMatch(/Destroy complete!/);
      const { inactiveTaskDefinitions: _kept, ...left } = added(world.before, await inventory(world.clients));
      expect(left).toEqual({});
    },
    LONG,
  );
});
