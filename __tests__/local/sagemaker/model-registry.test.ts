import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { failure, image, LocalHarness, variant } from './harness';

jest.setTimeout(240_000);

const harness = new LocalHarness();
const send: LocalHarness['control']['send'] = ((command: never) => harness.control.send(command)) as never;
const arn = (version: number): string =>
  `arn:aws:sagemaker:ap-northeast-2:000000000000:model-package/flowers/${version}`;

const register = async (ModelDataUrl: string): Promise<string | undefined> =>
  (
    await send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: 'flowers',
        ModelApprovalStatus: 'PendingManualApproval',
        InferenceSpecification: {
          Containers: [{ Image: image, ModelDataUrl, Environment: { VARIABLE: 'from the package' } }],
          SupportedContentTypes: ['image/jpeg'],
          SupportedResponseMIMETypes: ['application/json'],
        },
        CustomerMetadataProperties: { accuracy: '0.98', run: '1' },
      }),
    )
  ).ModelPackageArn;

beforeAll(() => harness.start());
afterAll(() => harness.close());

test('a group counts its versions', async () => {
  await send(
    new CreateModelPackageGroupCommand({
      ModelPackageGroupName: 'flowers',
      ModelPackageGroupDescription: 'names flowers',
    }),
  );
  expect(await failure(send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'flowers' })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('already exists'),
  });
  expect(await register(harness.modelArchive('one.tar.gz', { answer: 1 }))).toBe(arn(1));
  expect(await register(harness.modelArchive('two.tar.gz', { answer: 2 }))).toBe(arn(2));
  expect(await send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'flowers' }))).toMatchObject({
    ModelPackageGroupDescription: 'names flowers',
  });
  expect((await send(new ListModelPackageGroupsCommand({}))).ModelPackageGroupSummaryList).toHaveLength(1);
});

test('a version is approved', async () => {
  await send(
    new UpdateModelPackageCommand({
      ModelPackageArn: arn(2),
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'looked at',
      CustomerMetadataProperties: { by: 'Kim' },
      CustomerMetadataPropertiesToRemove: ['run'],
    }),
  );
  expect(await send(new DescribeModelPackageCommand({ ModelPackageName: arn(2) }))).toMatchObject({
    ModelPackageGroupName: 'flowers',
    ModelPackageVersion: 2,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'Approved',
    ApprovalDescription: 'looked at',
    CustomerMetadataProperties: { accuracy: '0.98', by: 'Kim' },
  });
  const listed = await send(new ListModelPackagesCommand({ ModelPackageGroupName: 'flowers' }));
  expect(
    listed.ModelPackageSummaryList?.map(({ ModelPackageVersion, ModelApprovalStatus }) => [
      ModelPackageVersion,
      ModelApprovalStatus,
    ]),
  ).toEqual([
    [2, 'Approved'],
    [1, 'PendingManualApproval'],
  ]);
  const approved = await send(
    new ListModelPackagesCommand({
      ModelPackageGroupName: 'flowers',
      ModelApprovalStatus: 'Approved',
      MaxResults: 1,
      SortBy: 'CreationTime',
      SortOrder: 'Descending',
    }),
  );
  expect(approved.ModelPackageSummaryList?.map(({ ModelPackageArn }) => ModelPackageArn)).toEqual([arn(2)]);
});

test('a model of a version serves what the version holds', async () => {
  await send(
    new CreateModelCommand({
      ModelName: 'flowers-2',
      Containers: [{ ModelPackageName: arn(2), Environment: { MODEL_VERSION: '2' } }],
    }),
  );
  await send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: 'flowers-2',
      ProductionVariants: [variant({ ModelName: 'flowers-2' })],
    }),
  );
  await send(new CreateEndpointCommand({ EndpointName: 'flowers', EndpointConfigName: 'flowers-2' }));
  expect(await harness.settled()).toMatchObject({ EndpointStatus: 'InService' });
  expect(await harness.invoke()).toMatchObject({ answer: 2, variable: 'from the package' });
});

test.each<[string, () => Promise<unknown>, string]>([
  [
    'a version that is not there',
    () => send(new DescribeModelPackageCommand({ ModelPackageName: arn(9) })),
    `ModelPackage ${arn(9)} does not exist.`,
  ],
  [
    'a group that is not there',
    () => send(new ListModelPackagesCommand({ ModelPackageGroupName: 'trees' })),
    'Model package group "arn:aws:sagemaker:ap-northeast-2:000000000000:model-package-group/trees" does not exist.',
  ],
  [
    'a status that is none',
    () => send(new UpdateModelPackageCommand({ ModelPackageArn: arn(1), ModelApprovalStatus: 'Fine' as never })),
    "1 validation error detected: Value 'Fine' at 'modelApprovalStatus' failed to satisfy constraint: Member must satisfy enum value set: [Approved, Rejected, PendingManualApproval]",
  ],
  [
    'a group with versions, to be deleted',
    () => send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'flowers' })),
    'Model package group "arn:aws:sagemaker:ap-northeast-2:000000000000:model-package-group/flowers" cannot be deleted: it has model packages.',
  ],
])('%s is refused', async (_title, call, message) => {
  expect(await failure(call())).toEqual({ name: 'ValidationException', status: 400, message });
});

test('the number of a version that was deleted is not used again, not after a restart either', async () => {
  await send(new DeleteModelPackageCommand({ ModelPackageName: arn(1) }));
  expect(await register('s3://models/two.tar.gz')).toBe(arn(3));
  await send(new DeleteModelPackageCommand({ ModelPackageName: arn(3) }));
  await harness.stop();
  await harness.start();
  expect(await register('s3://models/two.tar.gz')).toBe(arn(4));
});
