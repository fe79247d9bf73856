// The S3 backend with real Terraform, on the emulator's S3.
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TestAws } from '../../support/e2e/aws';
import { eventually, journey } from '../../support/e2e/journey';
import { Checkout, inOneLine } from './checkout';
import { computeJson, networkJson, optionalComputeJson } from './tiny-layers';
import { WatchedAws, type S3Call } from './watched-aws';

const REGION = 'ap-northeast-2';
const NETWORK = 'shop/dev/network.tfstate';
const s3 = { type: 's3', bucket: 'shop-state', region: REGION } as const;
const kmsKeyId = `arn:aws:kms:${REGION}:123456789012:key/1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d`;

journey('state in S3', (step) => {
  let aws: TestAws;
  let client: S3Client;
  const checkouts: Checkout[] = [];
  const watched: WatchedAws[] = [];

  afterAll(async () => {
    for (const one of watched) one.close();
    for (const one of checkouts) one.remove();
    client?.destroy();
    await aws?.stop();
  });

  const checkout = (environment: NodeJS.ProcessEnv = {}): Checkout => {
    const made = new Checkout({ ...aws.environment, ...environment });
    checkouts.push(made);
    return made;
  };
  const watch = async (isAllowed?: (call: S3Call) => boolean): Promise<WatchedAws> => {
    const made = await WatchedAws.start(aws.port, isAllowed);
    watched.push(made);
    return made;
  };
  const makeBucket = async (Bucket: string): Promise<void> => {
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  };
  /** A role that the account's callers may assume. */
  const makeRole = async (RoleName: string, Statement: readonly object[]): Promise<void> => {
    const iam = new IAMClient(aws.clients);
    const trust = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:root' } }];
    const policy = (statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'state', PolicyDocument: policy(Statement) }));
    iam.destroy();
  };
  const keys = async (Bucket: string): Promise<string[]> =>
    ((await client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key ?? '');
  const publishedVpc = async (): Promise<unknown> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: s3.bucket, Key: NETWORK }));
    return (JSON.parse((await Body?.transformToString()) ?? '{}') as { outputs: { vpc_id: { value: unknown } } })
      .outputs.vpc_id.value;
  };
  const encryptionOf = async (Bucket: string): Promise<object> => {
    const { ServerSideEncryption, SSEKMSKeyId } = await client.send(new HeadObjectCommand({ Bucket, Key: NETWORK }));
    return { algorithm: ServerSideEncryption, key: SSEKMSKeyId };
  };

  step('the emulator starts', async () => {
    aws = await TestAws.start();
    client = new S3Client({ ...aws.clients, forcePathStyle: true });
    await makeBucket(s3.bucket);
  });

  step('a layer that reads another is refused before that has a state', async () => {
    const compute = checkout();
    await compute.init(computeJson({ type: 'local', directory: compute.folder }, s3));
    const { status, output } = await compute.terraform('plan');
    expect(status).toBe(1);
    expect(inOneLine(output)).toContain('Unable to find remote state');
  });

  step(
    'one that reads another if it is deployed goes without, also while the first apply of that is running',
    async () => {
      const reader = checkout();
      await reader.init(optionalComputeJson({ type: 'local', directory: reader.folder }, s3, REGION));
      await reader.succeed('apply', '-auto-approve');
      expect(reader.read('shop/dev/compute.tfstate')).toContain('"vpc-none"');
      await client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: `${NETWORK}.tflock`, Body: '{}' }));
      expect(await reader.isUpToDate()).toBe(true);
      await client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: `${NETWORK}.tflock` }));
    },
  );

  step('a layer is applied; its state is in the bucket, its lock is not', async () => {
    const network = checkout();
    await network.init(networkJson(s3));
    expect((await network.apply()).output).toContain('Apply complete! Resources: 1 added');
    expect(await keys(s3.bucket)).toEqual([NETWORK]);
    expect(await publishedVpc()).toBe('vpc-1');
    expect(await network.isUpToDate()).toBe(true);
  });

  step(
    'one that reads another if it is deployed finds it, from another region as well, by listing its key',
    async () => {
      const watcher = await watch();
      const reader = checkout({ AWS_ENDPOINT_URL: watcher.endpoint });
      await reader.init(optionalComputeJson({ type: 'local', directory: reader.folder }, s3, 'eu-west-1'));
      await reader.succeed('apply', '-auto-approve');
      expect(reader.read('shop/dev/compute.tfstate')).toContain('"vpc-1"');
      expect(watcher.s3.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
    },
  );

  step('while an apply holds the lock another is refused, and changes nothing', async () => {
    const [first, second] = [checkout(), checkout()];
    const [reached, goOn] = [path.join(first.folder, 'reached'), path.join(first.folder, 'go-on')];
    await first.init(networkJson(s3, { vpcId: 'vpc-2' }));
    await first.succeed('destroy', '-auto-approve');
    first.write(
      networkJson(s3, { vpcId: 'vpc-2', waitFor: `touch ${reached}; until [ -e ${goOn} ]; do sleep 0.1; done` }),
    );
    await second.init(networkJson(s3, { vpcId: 'vpc-3' }));

    const running = first.startApply();
    await eventually('the first apply is half-way', () => (existsSync(reached) ? true : undefined));
    expect(await keys(s3.bucket)).toContain(`${NETWORK}.tflock`);
    const refused = await second.apply();
    expect(refused.status).toBe(1);
    expect(inOneLine(refused.output)).toMatch(
      /Error acquiring the state lock .*PreconditionFailed.* Path: shop-state\/shop\/dev\/network\.tfstate Operation: OperationTypeApply/,
    );

    writeFileSync(goOn, '');
    expect(await running.ended).toMatchObject({ status: 0 });
    expect(await publishedVpc()).toBe('vpc-2');
    expect(await keys(s3.bucket)).toEqual([NETWORK]);
    expect(await second.apply()).toMatchObject({ status: 0 });
    expect(await publishedVpc()).toBe('vpc-3');
  });

  step('a reader needs to get the state and nothing else', async () => {
    const reader = await watch(
      ({ method, object }) => ['GET', 'HEAD'].includes(method) && object === `${s3.bucket}/${NETWORK}`,
    );
    const compute = checkout({ AWS_ENDPOINT_URL: reader.endpoint });
    await compute.init(computeJson({ type: 'local', directory: compute.folder }, s3));
    expect((await compute.apply()).output).toContain('Apply complete! Resources: 1 added');
    expect(compute.read('shop/dev/compute.tfstate')).toContain('"vpc-3"');
    // It tries to list the bucket for workspaces too, and goes on where it may not.
    expect(
      reader.s3.filter(({ object }) => object === `${s3.bucket}/${NETWORK}`).map(({ method }) => method),
    ).toContain('GET');
    expect(reader.s3.filter(({ method }) => !['GET', 'HEAD'].includes(method))).toEqual([]);
  });

  step(
    'a reader that may not list the bucket is told of a state that is not there as of one it may not read',
    async () => {
      const reader = await watch(
        ({ method, object }) => ['GET', 'HEAD'].includes(method) && object.endsWith('.tfstate'),
      );
      const compute = checkout({ AWS_ENDPOINT_URL: reader.endpoint });
      await compute.init(computeJson({ type: 'local', directory: compute.folder }, { ...s3, prefix: 'elsewhere' }));
      const { status, output } = await compute.terraform('plan');
      expect(status).toBe(1);
      expect(inOneLine(output)).toMatch(
        /Unable to access object "elsewhere\/shop\/dev\/network\.tfstate" in S3 bucket "shop-state".*(403|AccessDenied|Forbidden)/,
      );
    },
  );

  step('the role of a backend is assumed to write and to read', async () => {
    await makeRole('state', [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${s3.bucket}` },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: `arn:aws:s3:::${s3.bucket}/by-role/*`,
      },
    ]);
    const state = { ...s3, prefix: 'by-role', roleArn: 'arn:aws:iam::123456789012:role/state' };
    const [writer, reader] = [await watch(), await watch()];
    const network = checkout({ AWS_ENDPOINT_URL: writer.endpoint });
    await network.init(networkJson(state));
    await network.succeed('apply', '-auto-approve');
    expect(writer.operations).toContain('AssumeRole');
    expect(await keys(s3.bucket)).toContain(`by-role/${NETWORK}`);

    const compute = checkout({ AWS_ENDPOINT_URL: reader.endpoint });
    await compute.init(computeJson({ type: 'local', directory: compute.folder }, state));
    await compute.succeed('apply', '-auto-approve');
    expect(reader.operations).toContain('AssumeRole');
  });

  step('a state is encrypted as its bucket encrypts, or with the key that the backend names', async () => {
    await makeBucket('shop-kms-state');
    await client.send(
      new PutBucketEncryptionCommand({
        Bucket: 'shop-kms-state',
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyId } }],
        },
      }),
    );
    const network = checkout();
    await network.init(networkJson({ ...s3, bucket: 'shop-kms-state' }));
    await network.succeed('apply', '-auto-approve');
    expect(await encryptionOf('shop-kms-state')).toEqual({ algorithm: 'aws:kms', key: kmsKeyId });

    await makeBucket('shop-named-key');
    const other = checkout();
    await other.init(networkJson({ ...s3, bucket: 'shop-named-key', kmsKeyId }));
    await other.succeed('apply', '-auto-approve');
    expect(await encryptionOf('shop-named-key')).toEqual({ algorithm: 'aws:kms', key: kmsKeyId });
  });

  step('a local state is moved into the bucket, and back', async () => {
    const network = checkout();
    const local = { type: 'local', directory: path.join(network.folder, 'state') } as const;
    const moved = { ...s3, prefix: 'moved' };
    await network.init(networkJson(local));
    await network.succeed('apply', '-auto-approve');
    network.write(networkJson(moved));
    expect(inOneLine((await network.terraform('init')).output)).toContain('Backend configuration changed');

    await network.succeed('init', '-migrate-state', '-force-copy');
    expect(await keys(s3.bucket)).toContain(`moved/${NETWORK}`);
    expect(await network.isUpToDate()).toBe(true);

    await network.init(networkJson(local), '-migrate-state', '-force-copy');
    expect(await network.isUpToDate()).toBe(true);
    await network.succeed('destroy', '-auto-approve');
  });
});
