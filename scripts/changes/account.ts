// An emulated AWS account in which a layer is deployed and changed.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DescribeRouteTablesCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { emulatorEnvironment, EMULATOR_REGION, withEmulator } from '../../local/aws/environment';
import { resetEmulator, startEmulator, stopEmulator } from '../../local/aws/emulator';
import { locate, type Location } from '../../local/aws/location';
import { findMotoServer, freePort } from '../../local/aws/moto';
import { chooseProviderSource, skipProviderChecksum } from '../../local/toolchain';
import { startProvider, type RunningProvider } from './running-provider';

/** Where a configuration may keep its state in S3. */
export const STATE_BUCKET = 'shop-terraform-state';

/** Lets the bucket be the target of other buckets' access logs. */
const TAKES_ACCESS_LOGS = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: ['s3:PutObject'],
      Resource: `arn:aws:s3:::${STATE_BUCKET}/*`,
    },
  ],
};

/** Stands for a certificate in a configuration. */
const CERTIFICATE = 'arn:aws:acm:ap-northeast-2:123456789012:certificate/of-the-account';

export class Account {
  private constructor(
    private readonly location: Location,
    private readonly provider: RunningProvider | undefined,
    /** Variables of commands that use the account. */
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Starts an emulator with its files in `folder`.
   * @param variables of the emulator, besides those of this process
   */
  static async open(folder: string, variables: NodeJS.ProcessEnv = {}): Promise<Account> {
    mkdirSync(folder, { recursive: true });
    const location = locate({ STRATA_EMULATOR_PORT: String(await freePort()) }, folder);
    const server = await findMotoServer({ venv: locate().venv });
    const PATH = [path.dirname(server), process.env.PATH].join(path.delimiter);
    await startEmulator(location, { environment: { ...process.env, ...variables, PATH } });
    const source = chooseProviderSource({ generatedPath: location.terraformConfig });
    skipProviderChecksum(source.setConfigFile);
    // The emulator speaks HTTP; a provider that is configured again takes no certificates a second time.
    const { AWS_CA_BUNDLE: _, ...environment } = withEmulator(emulatorEnvironment(location, source));
    const provider = await startProvider(environment);
    return new Account(location, provider, { ...environment, ...provider?.environment, TF_IN_AUTOMATION: '1' });
  }

  /** Empties the account, and makes the bucket for states. What every account has gets the same ids each time. */
  async empty(): Promise<void> {
    await resetEmulator(this.location);
    await fetch(`${this.location.endpoint}/moto-api/seed?a=1`, { method: 'POST' });
    const s3 = new S3Client({ ...this.client, forcePathStyle: true });
    const CreateBucketConfiguration = { LocationConstraint: EMULATOR_REGION } as const;
    await s3.send(new CreateBucketCommand({ Bucket: STATE_BUCKET, CreateBucketConfiguration }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: STATE_BUCKET, Policy: JSON.stringify(TAKES_ACCESS_LOGS) }));
  }

  /** Ids of what every account has, by the words that stand for them in a configuration. */
  async ids(): Promise<Readonly<Record<string, string>>> {
    const ec2 = new EC2Client(this.client);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand());
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand());
    const subnets = Subnets.filter(({ DefaultForAz }) => DefaultForAz === true);
    const vpc = subnets[0]?.VpcId ?? '';
    const table = RouteTables.find(({ VpcId }) => VpcId === vpc)?.RouteTableId ?? '';
    return {
      [CERTIFICATE]: await this.certificate(),
      'vpc-of-the-account': vpc,
      'route-table-of-the-account': table,
      ...Object.fromEntries(
        subnets
          .sort((one, other) => (one.AvailabilityZone! < other.AvailabilityZone! ? -1 : 1))
          .map(({ SubnetId }, index) => [`subnet-${index + 1}-of-the-account`, SubnetId!]),
      ),
    };
  }

  /** ARN of a certificate, which is made. */
  private async certificate(): Promise<string> {
    const response = await fetch(this.location.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'CertificateManager.RequestCertificate',
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${EMULATOR_REGION}/acm/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ DomainName: 'example.com' }),
    });
    if (!response.ok) throw new Error(`the emulator makes no certificate: HTTP ${response.status}`);
    return ((await response.json()) as { CertificateArn: string }).CertificateArn;
  }

  /** Address of the emulator. */
  get endpoint(): string {
    return this.location.endpoint;
  }

  async close(): Promise<void> {
    this.provider?.stop();
    await stopEmulator(this.location);
  }

  private get client() {
    return {
      endpoint: this.location.endpoint,
      region: EMULATOR_REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }
}
