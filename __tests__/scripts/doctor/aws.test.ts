import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { mlConfig } from '@strata/stack-ml/config';
import { instanceTypes, neededQuotas } from '../../../scripts/doctor/ask-account';
import { examineAws, type AwsQuestions } from '../../../scripts/doctor/aws';
import { describeWithMoto, RefusingEmulator, TEST_REGION } from '../../support/refusing-emulator';

jest.setTimeout(60_000);

test('the quotas that a configuration needs', () => {
  const names = (config: object) => neededQuotas(mlConfig.parse(config)).map(({ name }) => name);
  expect(names({})).toEqual(['ml.m5.xlarge for spot training job usage', 'ml.m5.large for processing job usage']);
  expect(
    names({
      training: { instanceType: 'ml.g5.xlarge', managedSpotTraining: false },
      endpoint: { hosting: 'realtime', instanceType: 'ml.g4dn.xlarge' },
    }),
  ).toEqual([
    'ml.g5.xlarge for training job usage',
    'ml.m5.large for processing job usage',
    'ml.g4dn.xlarge for endpoint usage',
  ]);
});

test('the instance types that a configuration needs, each once', () => {
  const types = (config: object) => instanceTypes(mlConfig.parse(config)).map(({ type, use }) => `${type} ${use}`);
  expect(types({})).toEqual(['ml.m5.xlarge training.instanceType', 'ml.m5.large training.evaluationInstanceType']);
  const endpoint = { hosting: 'realtime', instanceType: 'ml.g5.xlarge' };
  expect(types({ training: { instanceType: 'ml.g5.xlarge' }, endpoint })).toEqual([
    'ml.g5.xlarge training.instanceType',
    'ml.m5.large training.evaluationInstanceType',
  ]);
});

test('variants with instance types of their own count', () => {
  const variants = [
    { modelDataUrl: 's3://models/1/model.tar.gz', variantName: 'A' },
    { modelDataUrl: 's3://models/2/model.tar.gz', variantName: 'B', instanceType: 'ml.g5.xlarge' },
  ];
  const image = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/model-endpoint:1';
  const config = mlConfig.parse({ endpoint: { owner: 'terraform', hosting: 'realtime', image, variants } });
  expect(neededQuotas(config).slice(2)).toEqual([
    { name: 'ml.m5.large for endpoint usage', use: 'endpoint.instanceType' },
    { name: 'ml.g5.xlarge for endpoint usage', use: 'endpoint.variants' },
  ]);
  expect(instanceTypes(config)).toContainEqual({ type: 'ml.g5.xlarge', use: 'endpoint.variants' });
});

describeWithMoto('a new account', () => {
  let aws: RefusingEmulator;
  let questions: AwsQuestions;
  const quota = (QuotaName: string, Value: number) => ({ QuotaName, QuotaCode: 'L-1', Value });

  beforeAll(async () => {
    aws = await RefusingEmulator.start('rules');
    const options = {
      region: TEST_REGION,
      endpoint: aws.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const pages = [{ Quotas: [quota('spot', 0)], NextToken: 'more' }, { Quotas: [quota('processing', 4)] }];
    questions = {
      region: TEST_REGION,
      ec2: new EC2Client(options),
      iam: new IAMClient(options),
      quotas: { send: (() => Promise.resolve(pages.shift())) as never },
      neededQuotas: [
        { name: 'spot', use: 'training' },
        { name: 'processing', use: 'evaluation' },
        { name: 'gpu', use: 'the endpoint' },
      ],
      instanceTypes: [
        { type: 'ml.m5.large', use: 'training.instanceType' },
        { type: 'ml.p4d.24xlarge', use: 'endpoint.instanceType' },
        { type: 'ml.x9.large', use: 'training.evaluationInstanceType' },
      ],
    };
    await aws.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'ecs.amazonaws.com' }).catch(() => undefined);
  });
  afterAll(() => aws?.stop());

  test('is told what it lacks, and what to do', async () => {
    const findings = await examineAws(questions);
    const of = (subject: string) => findings.filter((finding) => finding.subject === subject);
    expect(of('AWS account')).toMatchObject([{ state: 'ok', text: '123456789012, ap-northeast-2 is enabled' }]);
    expect(of('zones')).toMatchObject([{ state: 'ok', text: expect.stringContaining('ap-northeast-2a, ') }]);
    expect(of('endpoints')).toMatchObject([{ state: 'ok', text: 'in every zone' }]);
    expect(of('service role')).toContainEqual(
      expect.objectContaining({
        state: 'warning',
        text: expect.stringContaining('AWSServiceRoleForElasticLoadBalancing does not exist'),
        fix: 'aws iam create-service-linked-role --aws-service-name elasticloadbalancing.amazonaws.com',
      }),
    );
    expect(of('instance type').map(({ state, text, fix = '' }) => `${state} ${text}; ${fix}`)).toEqual([
      'ok ml.m5.large: in every zone; ',
      expect.stringMatching(/^warning ml\.p4d\.24xlarge: not in .*, for endpoint\.instanceType; leave these zones out/),
      expect.stringMatching(/^problem ml\.x9\.large: in no zone of ap-northeast-2, .*; set training\.evaluation/),
    ]);
    expect(of('quotas').map(({ state, text }) => `${state} ${text}`)).toEqual([
      'problem spot: 0, and training needs 1',
      'ok processing: 4',
      'warning there is no quota "gpu", for the endpoint',
    ]);
    for (const { state, fix } of findings) expect(fix !== undefined).toBe(state !== 'ok');
  });

  test('without credentials that work, says only that', async () => {
    const ec2 = new EC2Client({
      region: TEST_REGION,
      endpoint: 'http://127.0.0.1:9',
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    expect(await examineAws({ ...questions, ec2 })).toMatchObject([{ subject: 'AWS account', state: 'problem' }]);
  });
});
