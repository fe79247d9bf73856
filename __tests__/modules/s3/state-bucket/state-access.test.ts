import {
  optionalStateReaderStatements,
  statePlannerStatements,
  stateReaderStatements,
  stateWriterStatements,
} from '@strata/s3';

const bucketArn = 'arn:aws:s3:::shop-terraform-state';
const compute = { bucketArn, project: 'shop', environment: 'dev', layer: 'compute' };
const kmsKeyArn = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234';
const viaS3 = { StringLike: { 'kms:ViaService': ['s3.*.amazonaws.com', 's3.*.amazonaws.com.cn'] } };

test('a writer finds, reads, writes and locks its own state', () => {
  const state = 'shop/dev/compute.tfstate';
  expect(stateWriterStatements(compute)).toEqual([
    {
      sid: 'FindState',
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: { StringLike: { 's3:prefix': [state] } },
    },
    { sid: 'WriteState', actions: ['s3:GetObject', 's3:PutObject'], resources: [`${bucketArn}/${state}`] },
    {
      sid: 'LockState',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [`${bucketArn}/${state}.tflock`],
    },
  ]);
});

test('a planner writes the lock file only, also under a key', () => {
  const statements = statePlannerStatements({ ...compute, kmsKeyArn });
  const writes = statements.filter(({ actions }) => actions.some((action) => /Put|Delete/.test(action)));
  expect(writes.flatMap(({ resources }) => resources)).toEqual([`${bucketArn}/shop/dev/compute.tfstate.tflock`]);
  expect(statements.flatMap(({ actions }) => actions)).toEqual(
    expect.arrayContaining(['s3:ListBucket', 'kms:Decrypt', 'kms:GenerateDataKey']),
  );
});

test('a reader gets the state and nothing else', () => {
  expect(stateReaderStatements(compute)).toEqual([
    { sid: 'ReadState', actions: ['s3:GetObject'], resources: [`${bucketArn}/shop/dev/compute.tfstate`] },
  ]);
});

test('a reader of a neighbour that need not be there also finds out whether it is', () => {
  expect(optionalStateReaderStatements({ ...compute, layer: 'ml', kmsKeyArn })).toEqual([
    {
      sid: 'FindNeighbour',
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: { StringLike: { 's3:prefix': ['shop/dev/ml.tfstate'] } },
    },
    ...stateReaderStatements({ ...compute, layer: 'ml', kmsKeyArn }),
  ]);
});

test('both use the key through S3 only, a reader to decrypt only', () => {
  expect(stateWriterStatements({ ...compute, kmsKeyArn })).toContainEqual({
    sid: 'WriteWithKey',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [kmsKeyArn],
    conditions: viaS3,
  });
  expect(stateReaderStatements({ ...compute, kmsKeyArn })).toContainEqual({
    sid: 'ReadWithKey',
    actions: ['kms:Decrypt'],
    resources: [kmsKeyArn],
    conditions: viaS3,
  });
});

test.each([
  ['layer', { project: 'shop', environment: 'dev' }, 'shop/dev/*.tfstate'],
  ['environment and layer', { project: 'shop' }, 'shop/*/*.tfstate'],
  ['project, environment and layer', {}, '*/*/*.tfstate'],
  [
    'nothing, with a prefix',
    { prefix: 'states', project: 'shop', environment: 'dev', layer: 'network' },
    'states/shop/dev/network.tfstate',
  ],
])('leaving out %s stands for all of them', (_, access, key) => {
  expect(stateReaderStatements({ bucketArn, ...access })[0]!.resources).toEqual([`${bucketArn}/${key}`]);
});

test.each(['project', 'environment', 'layer'])('refuses a %s that would reach further than its name', (part) => {
  for (const statements of [stateReaderStatements, stateWriterStatements, optionalStateReaderStatements]) {
    expect(() => statements({ ...compute, [part]: 'a/*' })).toThrow(
      `access to states: ${part} "a/*" cannot be part of a state key; use lower-case letters, digits and hyphens, or leave it out for all`,
    );
  }
});
