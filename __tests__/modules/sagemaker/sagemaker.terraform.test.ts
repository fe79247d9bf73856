import path from 'node:path';
import { LambdaFunction } from '@strata/lambda';
import {
  EndpointAlarms,
  ModelBuildingPipeline,
  ModelPackageGroup,
  SageMakerDomain,
  SageMakerEndpoint,
  type SageMakerEndpointProps,
} from '@strata/sagemaker';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AWS_PROVIDER_VERSION } from '@strata/layer';
import { TerraformStack } from 'cdktf';
import { layerJson } from '../../support/synth-layer';
import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';
import { BASE, EVERY_ASYNC_OPTION, EVERY_REALTIME_OPTION, EVERY_SERVERLESS_OPTION } from './endpoint/options';

// Every option of the modules that the ml layer is made of, in one stack: a validation takes as long for all as for
// one.

const roleArn = 'arn:aws:iam::111122223333:role/shop';

const ENDPOINTS: Record<string, Partial<SageMakerEndpointProps>> = {
  defaults: {},
  serverless: EVERY_SERVERLESS_OPTION,
  'realtime-shadow': {
    ...EVERY_REALTIME_OPTION,
    alarms: {},
    tags: { team: 'ml' },
    shadowVariant: { variantName: 'Shadow', image: 'i', weight: 0.5 },
  },
  'weighted-linear': {
    hosting: 'realtime',
    initialInstanceCount: 2,
    updateStrategy: 'linear',
    variants: [
      { variantName: 'A', image: 'i', weight: 9 },
      { variantName: 'B', image: 'i' },
    ],
  },
  rolling: { hosting: 'realtime', initialInstanceCount: 2, updateStrategy: 'rolling', updateTimeoutSeconds: 14_400 },
  async: { ...EVERY_ASYNC_OPTION, alarms: { topicArn: 'arn:aws:sns:ap-northeast-2:111122223333:t' } },
};

function endpoints(stack: TerraformStack): void {
  for (const [id, props] of Object.entries(ENDPOINTS))
    new SageMakerEndpoint(stack, `endpoint-${id}`, { ...BASE, endpointName: id, ...props });
  new EndpointAlarms(stack, 'alarms', {
    endpointName: 'of-a-pipeline',
    hosting: 'realtime',
    variantNames: ['AllTraffic', 'Candidate'],
  });
}

function domains(stack: TerraformStack): void {
  const base = { domainName: 'studio', vpcId: 'vpc-1', subnetIds: ['subnet-1'], executionRoleArn: roleArn };
  new SageMakerDomain(stack, 'domain-defaults', base);
  new SageMakerDomain(stack, 'domain-options', {
    ...base,
    domainName: 'options',
    authMode: 'SSO',
    userProfiles: [{ name: 'ana', ssoUserName: 'ana', executionRoleArn: base.executionRoleArn }],
    networkAccess: 'PublicInternetOnly',
    securityGroupName: 'studio-group',
    securityGroupIds: ['sg-1'],
    egressCidrBlocks: ['10.0.0.0/16'],
    kmsKeyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
    idleTimeoutMinutes: 600,
    spaceVolumeGiB: 10,
    maxSpaceVolumeGiB: 50,
    dockerAccess: true,
    retainHomeFileSystem: false,
    tags: { team: 'ml' },
  });
}

function pipelines(stack: TerraformStack): void {
  const definition = { Version: '2020-12-01', Parameters: [{ Name: 'Epoch' }], Steps: [{ Name: 'Train' }] };
  new ModelBuildingPipeline(stack, 'pipeline-defaults', { pipelineName: 'Defaults', definition, roleArn });
  new ModelPackageGroup(stack, 'group-defaults', { modelPackageGroupName: 'defaults' });
  const group = new ModelPackageGroup(stack, 'versions', {
    modelPackageGroupName: 'versions',
    description: 'd',
    readerAccountIds: ['111122223333'],
    contributorAccountIds: ['444455556666'],
    tags: { team: 'ml' },
  });
  group.onApproval('deploy', {
    functionName: 'f',
    functionArn: 'arn:aws:lambda:ap-northeast-2:111122223333:function:f',
    maximumRetryAttempts: 2,
    deadLetterQueueArn: 'arn:aws:sqs:ap-northeast-2:111122223333:q',
  });
  new ModelBuildingPipeline(stack, 'train', {
    pipelineName: 'Train',
    displayName: 'T',
    description: 'd',
    definition: { ...definition, Steps: [{ Name: 'Train', Group: group.modelPackageGroupArn }] },
    roleArn,
    maxParallelExecutionSteps: 4,
    tags: { team: 'ml' },
    schedules: [
      {
        name: 'weekly',
        scheduleExpression: 'cron(0 3 ? * SUN *)',
        timezone: 'Asia/Seoul',
        parameters: { Epoch: '20' },
        flexibleWindowMinutes: 30,
        enabled: false,
      },
    ],
  });
  new ModelBuildingPipeline(stack, 'stored', {
    pipelineName: 'Stored',
    definitionS3Bucket: 'bucket',
    definitionS3Key: 'k',
    definitionS3VersionId: '1',
    roleArn,
  });
}

function functions(stack: TerraformStack): void {
  new LambdaFunction(stack, 'function-defaults', {
    functionName: 'defaults',
    codeDirectory: path.join(__dirname, '..', 'lambda', 'function', 'code'),
  });
  const made = new LambdaFunction(stack, 'f', {
    functionName: 'f',
    description: 'd',
    codeS3Bucket: 'bucket',
    codeS3Key: 'k',
    codeS3ObjectVersion: '1',
    handler: 'a.b',
    runtime: 'python3.13',
    architecture: 'x86_64',
    layerArns: ['arn:aws:lambda:ap-northeast-2:111122223333:layer:l:1'],
    memoryMiB: 512,
    timeoutSeconds: 60,
    ephemeralStorageMiB: 1024,
    reservedConcurrentExecutions: 1,
    environment: { NAME: 'v' },
    kmsKeyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
    roleName: 'r',
    subnetIds: ['subnet-1'],
    securityGroupIds: ['sg-1'],
    roleStatements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }],
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/b',
    logGroupName: '/f',
    logRetentionDays: 7,
    logKmsKeyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
    logFormat: 'Text',
    tracing: 'Active',
    eventTriggers: [
      {
        name: 'e',
        description: 'd',
        eventPattern: { source: ['aws.s3'] },
        maximumRetryAttempts: 1,
        maximumEventAgeSeconds: 60,
        deadLetterQueueArn: 'arn:aws:sqs:ap-northeast-2:111122223333:q',
      },
      { name: 's', scheduleExpression: 'rate(1 hour)', input: { a: 1 }, enabled: false },
    ],
    maximumRetryAttempts: 1,
    maximumEventAgeSeconds: 60,
    deadLetter: { snsTopicArn: 'arn:aws:sns:ap-northeast-2:111122223333:t' },
    onFailure: { eventBusArn: 'arn:aws:events:ap-northeast-2:111122223333:event-bus/default' },
    onSuccess: { functionArn: 'arn:aws:lambda:ap-northeast-2:111122223333:function:g' },
    alarms: { topicArn: 'arn:aws:sns:ap-northeast-2:111122223333:t' },
    tags: { team: 'x' },
  });
  made.allowInvoke('partner', { principal: '111122223333' });
}

terraformTest('the ml modules are valid for the AWS provider, without a warning', () => {
  const json = layerJson((scope) => {
    const stack = new TerraformStack(scope, 'shop');
    new AwsProvider(stack, 'aws', { region: 'ap-northeast-2' });
    stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
    for (const build of [endpoints, domains, pipelines, functions]) build(stack);
    return stack;
  });
  expect(validateStacks({ shop: json })).toEqual({ shop: [] });
});
