import { AwsAccount } from '@strata/core';
import { policyDocument } from '@strata/iam';
import {
  deployStatements,
  SageMakerHostingRole,
  SageMakerPipelineRole,
  SageMakerStudioRole,
  SageMakerTrainingRole,
  type DeployStatementsProps,
  type SageMakerHostingRoleProps,
  type SageMakerPipelineRoleProps,
  type SageMakerStudioRoleProps,
  type SageMakerTrainingRoleProps,
} from '@strata/sagemaker';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

interface Statement {
  readonly Sid: string;
  readonly Action: string[];
  readonly Resource: string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const bucketArn = 'arn:aws:s3:::artifacts';
const kmsKeyArns = ['arn:aws:kms:r:111122223333:key/1'];
const repositoryArns = ['arn:aws:ecr:r:111122223333:repository/model-endpoint'];

function made(build: (scope: Construct) => void) {
  const found = synthResources(build);
  const { Statement: statements } = parseTerraformJson<{ Statement: Statement[] }>(
    found.one('aws_iam_role_policy').policy,
  );
  const bySid = (sid: string): Statement => statements.find(({ Sid }) => Sid === sid)!;
  return { ...found, statements, sids: statements.map(({ Sid }) => Sid), bySid };
}
const training = (props: Partial<SageMakerTrainingRoleProps> = {}) =>
  made((scope) => void new SageMakerTrainingRole(scope, 'r', { roleName: 'training', ...props }));
const hosting = (props: Partial<SageMakerHostingRoleProps> = {}) =>
  made((scope) => void new SageMakerHostingRole(scope, 'r', { roleName: 'hosting', ...props }));
const pipeline = (props: Partial<SageMakerPipelineRoleProps> = {}) =>
  made(
    (scope) =>
      void new SageMakerPipelineRole(scope, 'r', {
        roleName: 'pipeline',
        passRoleArns: ['arn:aws:iam::1:role/training'],
        ...props,
      }),
  );
const studio = (props: Partial<SageMakerStudioRoleProps> = {}) =>
  made((scope) => void new SageMakerStudioRole(scope, 'r', { roleName: 'studio', ...props }));

test.each([
  ['training', training],
  ['hosting', hosting],
  ['pipeline', pipeline],
  ['studio', studio],
])('SageMaker assumes the %s role, for this account and region only', (name, make) => {
  const found = make({ permissionsBoundaryArn: 'arn:boundary', tags: { team: 'ml' } });
  expect(found.one('aws_iam_role')).toMatchObject({ name, permissions_boundary: 'arn:boundary', tags: { team: 'ml' } });
  const {
    Statement: [trust],
  } = parseTerraformJson<{
    Statement: { Principal: object; Action: string[]; Condition: Record<string, Record<string, string>> }[];
  }>(found.one('aws_iam_role').assume_role_policy);
  expect(trust!.Principal).toEqual({ Service: 'sagemaker.amazonaws.com' });
  expect(trust!.Action).toEqual(['sts:AssumeRole', 'sts:SetSourceIdentity']);
  expect(trust!.Condition.StringEquals!['aws:SourceAccount']).toMatch(/account_id>$/);
  expect(trust!.Condition.ArnLike!['aws:SourceArn']).toMatch(/:sagemaker:<.*>:<.*account_id>:\*$/);
  expect(
    make({ statements: [{ sid: 'More', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::x/*'] }] }).sids,
  ).toContain('More');
});

test.each([
  ['training', training],
  ['hosting', hosting],
  ['pipeline', pipeline],
  ['studio', studio],
])('the %s role never allows every action, and every resource only where AWS knows none', (_, make) => {
  const { statements } = make({ kmsKeyArns, vpcId: 'vpc-1', repositoryArns } as never);
  for (const { Action } of statements) for (const action of Action) expect(action).not.toMatch(/^\*$|:\*$/);
  const everywhere = statements.filter(({ Resource }) => Resource.includes('*')).flatMap(({ Action }) => Action);
  expect(
    everywhere.filter(
      (action) =>
        !/^(ecr:GetAuthorizationToken|cloudwatch:PutMetricData|ec2:Describe|sagemaker:(List|Search|GetSearch))/.test(
          action,
        ),
    ),
  ).toEqual([]);
});

test('training reads and writes where it is told, and deletes nothing', () => {
  const { bySid, sids, statements } = training({
    readLocations: [{ bucketArn: 'arn:aws:s3:::dataset', prefix: 'flowers/' }, { bucketArn: 'arn:aws:s3:::source' }],
    writeLocations: [{ bucketArn, prefix: 'models/' }],
  });
  expect(bySid('Read')).toMatchObject({
    Action: ['s3:GetObject'],
    Resource: ['arn:aws:s3:::dataset/flowers/*', 'arn:aws:s3:::source/*'],
  });
  expect(bySid('ReadList1')).toMatchObject({
    Action: ['s3:ListBucket'],
    Resource: ['arn:aws:s3:::dataset'],
    Condition: { StringLike: { 's3:prefix': ['flowers/*'] } },
  });
  expect(bySid('ReadList2').Condition).toBeUndefined();
  expect(bySid('Write')).toMatchObject({
    Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
    Resource: ['arn:aws:s3:::artifacts/models/*'],
  });
  expect(bySid('WriteList')).toMatchObject({ Condition: { StringLike: { 's3:prefix': ['models/*'] } } });
  expect(bySid('WriteLogs').Resource.map((arn) => arn.replace(/^.*log-group:/, ''))).toEqual([
    '/aws/sagemaker/TrainingJobs*',
    '/aws/sagemaker/ProcessingJobs*',
  ]);
  expect(sids).not.toContain('UseKeys');
  expect(sids).not.toContain('ConnectToVpc');
  expect(statements.flatMap(({ Action }) => Action).filter((action) => /delete/i.test(action))).toEqual([]);
});

test('training deletes checkpoints, as their folder is synchronised with S3', () => {
  const { bySid, statements } = training({
    writeLocations: [{ bucketArn, prefix: 'models/' }],
    checkpointLocations: [{ bucketArn, prefix: 'checkpoints/' }],
  });
  expect(bySid('Write').Resource).toEqual(['arn:aws:s3:::artifacts/models/*', 'arn:aws:s3:::artifacts/checkpoints/*']);
  expect(bySid('WriteList')).toMatchObject({
    Condition: { StringLike: { 's3:prefix': ['models/*', 'checkpoints/*'] } },
  });
  expect(bySid('DeleteCheckpoints')).toMatchObject({
    Action: ['s3:DeleteObject'],
    Resource: ['arn:aws:s3:::artifacts/checkpoints/*'],
  });
  expect(statements.flatMap(({ Action }) => Action).filter((action) => /delete/i.test(action))).toEqual([
    's3:DeleteObject',
  ]);
});

test("alarms that take an update back are seen by the endpoint's role and by what deploys, where there are any", () => {
  const seen = {
    Action: ['cloudwatch:DescribeAlarms'],
    Resource: [expect.stringMatching(/:cloudwatch:<.*>:<.*>:alarm:\*$/)],
  };
  expect(hosting({ ssmAccess: true }).bySid('OpenShell')).toMatchObject({ Resource: ['*'] });
  expect(hosting({}).sids).not.toContain('OpenShell');
  expect(hosting({ rollbackAlarms: true }).bySid('DescribeRollbackAlarms')).toMatchObject(seen);
  expect(deploy({ rollbackAlarms: true }).bySid('DescribeRollbackAlarms')).toMatchObject(seen);
});

test('images, keys and network interfaces are allowed only where there are any', () => {
  expect(training().sids).toEqual(['WriteLogs', 'WriteMetrics']);
  const { sids, bySid } = training({ repositoryArns, kmsKeyArns, vpcId: 'vpc-1' });
  expect(sids).toEqual([
    'EcrLogin',
    'PullImages',
    'WriteLogs',
    'WriteMetrics',
    'UseKeys',
    'CreateKeyGrants',
    'CreateNetworkInterfaces',
    'ConnectToVpc',
    'ManageNetworkInterfaces',
    'DescribeVpc',
  ]);
  const { Resource, Condition } = bySid('ConnectToVpc');
  expect(Resource.map((arn) => arn.replace(/^.*>:/, ''))).toEqual(['subnet/*', 'security-group/*']);
  expect(Condition).toEqual({ ArnEquals: { 'ec2:Vpc': expect.stringMatching(/:vpc\/vpc-1$/) } });
  expect(bySid('PullImages').Resource).toEqual(repositoryArns);
  expect(bySid('CreateKeyGrants')).toMatchObject({
    Action: ['kms:CreateGrant'],
    Resource: kmsKeyArns,
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
});

test('hosting reads models, and writes captured data and late answers where asked', () => {
  expect(hosting().sids).toEqual(['WriteLogs', 'WriteMetrics']);
  const { bySid } = hosting({
    modelLocations: [{ bucketArn }],
    dataCaptureLocations: [{ bucketArn, prefix: 'captured/' }],
    asyncLocations: [{ bucketArn, prefix: 'answers/' }],
    notificationTopicArns: ['arn:aws:sns:r:1:t'],
  });
  expect(bySid('ReadModels')).toMatchObject({ Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::artifacts/*'] });
  expect(bySid('CaptureData')).toMatchObject({
    Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
    Resource: ['arn:aws:s3:::artifacts/captured/*'],
  });
  expect(bySid('AsyncInference').Resource).toEqual(['arn:aws:s3:::artifacts/answers/*']);
  expect(bySid('Notify')).toMatchObject({ Action: ['sns:Publish'], Resource: ['arn:aws:sns:r:1:t'] });
});

test('a pipeline hands on the named roles, to SageMaker only, and makes what SageMaker Pipelines names', () => {
  const { bySid, sids } = pipeline({
    functionArns: ['arn:aws:lambda:r:1:function:deploy'],
    modelPackageGroupNames: ['Shop'],
    artifactLocations: [{ bucketArn }],
    kmsKeyArns,
  });
  expect(bySid('PassRoles')).toMatchObject({
    Action: ['iam:PassRole'],
    Resource: ['arn:aws:iam::1:role/training'],
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
  expect(bySid('RunSteps').Resource.every((arn) => /:[a-z-]+\/pipelines-\*$/.test(arn))).toBe(true);
  expect(bySid('RegisterVersions').Resource.map((arn) => arn.replace(/^.*>:/, ''))).toEqual([
    'model-package-group/Shop',
    'model-package/Shop/*',
    'model-package-group/shop',
    'model-package/shop/*',
  ]);
  expect(bySid('InvokeFunctions')).toMatchObject({
    Action: ['lambda:InvokeFunction'],
    Resource: ['arn:aws:lambda:r:1:function:deploy'],
  });
  expect(sids).toEqual(expect.arrayContaining(['Artifacts', 'UseKeys', 'CreateKeyGrants', 'RecordExperiments']));
  expect(pipeline().sids).toEqual(['RunSteps', 'RecordExperiments', 'PassRoles']);
});

test('people in Studio start the named pipelines and approve versions, and change no endpoint', () => {
  const { bySid, statements } = studio({
    readLocations: [{ bucketArn: 'arn:aws:s3:::dataset' }],
    writeLocations: [{ bucketArn, prefix: 'people/' }],
    pipelineNames: ['Train'],
    modelPackageGroupNames: ['shop'],
    endpointNames: ['shop'],
  });
  expect(bySid('StartPipelines').Resource.map((arn) => arn.replace(/^.*>:/, ''))).toEqual([
    'pipeline/Train',
    'pipeline/Train/execution/*',
    'pipeline/train',
    'pipeline/train/execution/*',
  ]);
  expect(bySid('ApproveVersions')).toMatchObject({
    Action: ['sagemaker:UpdateModelPackage'],
    Resource: [expect.stringMatching(/model-package\/shop\/\*$/)],
  });
  expect(bySid('InvokeEndpoints')).toMatchObject({ Action: ['sagemaker:InvokeEndpoint'] });
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith('ec2:'))).toEqual([]);
  const changes = statements
    .flatMap(({ Action }) => Action)
    .filter((action) => /^sagemaker:(Create|Update|Delete)/.test(action));
  expect(changes.filter((action) => !/(App|Space|UpdateModelPackage)$/.test(action))).toEqual([]);
});

const deploy = (props: Partial<DeployStatementsProps> = {}) => {
  const { outputs } = synthResources((scope) => {
    const statements = deployStatements(AwsAccount.of(scope), {
      endpointName: 'shop',
      hostingRoleArn: 'arn:aws:iam::1:role/hosting',
      modelPackageGroupName: 'versions',
      ...props,
    });
    new TerraformOutput(scope, 'policy', { value: policyDocument(statements) });
  });
  const { Statement: statements } = parseTerraformJson<{ Statement: Statement[] }>(outputs.policy);
  return {
    statements,
    sids: statements.map(({ Sid }) => Sid),
    bySid: (sid: string): Statement => statements.find(({ Sid }) => Sid === sid)!,
  };
};

test('a deploying function changes only what is named after its endpoint', () => {
  const { statements } = deploy({ imageParameterArn: 'arn:aws:ssm:r:1:parameter/i', kmsKeyArns, autoscaling: true });
  const changing = statements.filter(({ Action }) =>
    Action.some((action) =>
      /:(Create|Update|Delete|Register|Deregister|Put|AddTags|TagResource|PassRole)/.test(action),
    ),
  );
  expect(changing.map(({ Sid }) => Sid)).toEqual(
    expect.arrayContaining(['CreateModels', 'DeployEndpoint', 'PassRole', 'DeregisterScaling', 'ManageScalingAlarms']),
  );
  const elsewhere = changing.flatMap(({ Resource }) => Resource).filter((arn) => !/[:/]shop\b/.test(arn));
  // A version of the group, the role that is passed, keys by grants for AWS's resources, and scaling, which has no name.
  expect(elsewhere.map((arn) => arn.replace(/^.*>:/, '')).sort()).toEqual([
    'arn:aws:iam::1:role/hosting',
    ...kmsKeyArns,
    'model-package/versions/*',
    expect.stringMatching(/^role\/aws-service-role\/sagemaker\.application-autoscaling\.amazonaws\.com\//),
    'scalable-target/*',
    'scalable-target/*',
  ]);
});

test('a deploying function makes what is named after its endpoint, and hands one role on', () => {
  const { bySid, sids } = deploy();
  expect(bySid('CreateModels').Resource.map((arn) => arn.replace(/^.*>:/, ''))).toEqual([
    'model/shop-*',
    'endpoint-config/shop-*',
    'model-package/versions/*',
  ]);
  expect(bySid('DeployEndpoint').Resource.map((arn) => arn.replace(/^.*>:/, ''))).toEqual([
    'endpoint/shop',
    'endpoint-config/shop-*',
  ]);
  expect(bySid('PassRole')).toMatchObject({
    Resource: ['arn:aws:iam::1:role/hosting'],
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
  expect(bySid('DeregisterScaling').Condition).toEqual({
    StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' },
  });
  expect(sids).toEqual([
    'ReadVersions',
    'CreateModels',
    'DeployEndpoint',
    'ListEndpointConfigs',
    'PassRole',
    'DescribeScaling',
    'DeregisterScaling',
  ]);
});

test('a deploying function reads its image, uses keys and scales where asked', () => {
  const { bySid, sids } = deploy({ imageParameterArn: 'arn:aws:ssm:r:1:parameter/i', kmsKeyArns, autoscaling: true });
  expect(bySid('ReadImage')).toMatchObject({ Action: ['ssm:GetParameter'], Resource: ['arn:aws:ssm:r:1:parameter/i'] });
  expect(sids).toEqual(
    expect.arrayContaining([
      'DescribeKeys',
      'CreateKeyGrants',
      'RegisterScaling',
      'ManageScalingAlarms',
      'CreateServiceLinkedRole',
    ]),
  );
  expect(bySid('ManageScalingAlarms').Resource.map((arn) => arn.replace(/^.*alarm:/, ''))).toEqual([
    'TargetTracking-endpoint/shop/*',
    'shop-*',
  ]);
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    expect(
      () =>
        new SageMakerTrainingRole(scope, 't', {
          roleName: text,
          readLocations: [{ bucketArn: text, prefix: text }],
          repositoryArns: [text],
          kmsKeyArns: [text],
        }),
    ).not.toThrow();
    expect(
      () =>
        new SageMakerPipelineRole(scope, 'p', {
          roleName: text,
          passRoleArns: [text],
          functionArns: [text],
          modelPackageGroupNames: [text],
        }),
    ).not.toThrow();
  });
});

test.each<[() => unknown, string]>([
  [() => training({ roleName: 'a b' }), 'roleName: "a b" is not a role name'],
  [
    () => training({ readLocations: [{ bucketArn: 'dataset' }] }),
    'readLocations[0].bucketArn: "dataset" is not the ARN of a bucket; write arn:aws:s3:::<name>',
  ],
  [
    () => training({ writeLocations: [{ bucketArn, prefix: '/models' }] }),
    'writeLocations[0].prefix: "/models" is not a key prefix; leave out the slash at its start, and * and ?',
  ],
  [
    () => training({ writeLocations: [{ bucketArn, prefix: 'models/*' }] }),
    'writeLocations[0].prefix: "models/*" is not a key prefix',
  ],
  [
    () => training({ checkpointLocations: [{ bucketArn: 'b' }] }),
    'checkpointLocations[0].bucketArn: "b" is not the ARN of a bucket',
  ],
  [
    () => training({ repositoryArns: ['model-endpoint'] }),
    'repositoryArns[0]: "model-endpoint" is not an ARN of ecr; write arn:aws:ecr:<region>:<account>:repository/<name>',
  ],
  [() => training({ kmsKeyArns: ['alias/x'] }), 'kmsKeyArns[0]: "alias/x" is not an ARN of kms'],
  [
    () => training({ statements: [{ actions: ['s3:*'], resources: ['arn:aws:s3:::x'] }] }),
    'statements[0].actions: "s3:*" allows every action of the service',
  ],
  [() => hosting({ notificationTopicArns: ['t'] }), 'notificationTopicArns[0]: "t" is not an ARN of sns'],
  [
    () => hosting({ dataCaptureLocations: [{ bucketArn: 'b' }] }),
    'dataCaptureLocations[0].bucketArn: "b" is not the ARN of a bucket',
  ],
  [
    () => hosting({ asyncLocations: [{ bucketArn: 'b' }] }),
    'asyncLocations[0].bucketArn: "b" is not the ARN of a bucket',
  ],
  [
    () => hosting({ modelLocations: [{ bucketArn: 'b' }] }),
    'modelLocations[0].bucketArn: "b" is not the ARN of a bucket',
  ],
  [
    () => pipeline({ passRoleArns: [] }),
    'passRoleArns: without a role no step can run; name those of training and models',
  ],
  [() => pipeline({ passRoleArns: ['training'] }), 'passRoleArns[0]: "training" is not an ARN of iam'],
  [() => pipeline({ functionArns: ['deploy'] }), 'functionArns[0]: "deploy" is not an ARN of lambda'],
  [
    () => pipeline({ artifactLocations: [{ bucketArn: 'b' }] }),
    'artifactLocations[0].bucketArn: "b" is not the ARN of a bucket',
  ],
  [() => studio({ readLocations: [{ bucketArn: 'b' }] }), 'readLocations[0].bucketArn: "b" is not the ARN of a bucket'],
])('refuses what cannot be (%#)', (make, message) => {
  expect(make).toThrow(message);
});
