import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clients } from '../../../sagemaker/deploy-endpoint/clients';

type Json = Record<string, unknown>;
type Operation = (input: Json) => Json;

interface Endpoint {
  config: string;
  status: string;
  reason?: string;
  /** What the endpoint becomes once it was looked at so often. */
  next?: { looks: number; config?: string; status: string; reason?: string };
}

const ACCOUNT = 'arn:aws:sagemaker:ap-northeast-2:123456789012';

/**
 * SageMaker, SSM, Application Auto Scaling and CloudWatch as the deploy function sees them, over HTTP as the SDK speaks
 * it; it can be told to fail.
 */
export class FakeAws {
  readonly models = new Map<string, Json>();
  readonly configs = new Map<string, Json & { created: number }>();
  readonly packages = new Map<string, Json>();
  readonly parameters = new Map<string, string>();
  readonly targets = new Map<string, Json>();
  readonly policies: Json[] = [];
  readonly tags = new Map<string, Json[]>();
  endpoint: Endpoint | undefined;
  /** Names of the operations that changed something, in order. */
  readonly changes: string[] = [];
  readonly inputs: { readonly operation: string; readonly input: Json }[] = [];
  /** Looks at the endpoint until it has settled. */
  looks = 2;
  /** Why the next change of the endpoint fails. */
  failure: string | undefined;
  /** Runs before an operation, once. */
  readonly before = new Map<string, () => void>();
  /** An error instead of an answer, once: its type and message. */
  readonly errors = new Map<string, readonly [string, string]>();

  private constructor(
    private readonly server: Server,
    private readonly address: string,
  ) {}

  static async start(): Promise<FakeAws> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fake = new FakeAws(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target'] ?? request.url)
          .split(/[./]/)
          .at(-1)!;
        const { status, body } = fake.answer(operation, Buffer.concat(chunks).toString());
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      });
    });
    return fake;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get clients(): Clients {
    const config = {
      endpoint: this.address,
      region: 'ap-northeast-2',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    };
    // Its protocol is binary; what is sent is enough.
    const cloudwatch = {
      send: async ({ input, constructor: { name } }: { input: Json; constructor: { name: string } }) => {
        this.inputs.push({ operation: name.replace('Command', ''), input });
        return {};
      },
    };
    return {
      sagemaker: new SageMakerClient(config),
      ssm: new SSMClient(config),
      scaling: new ApplicationAutoScalingClient(config),
      cloudwatch: cloudwatch as unknown as CloudWatchClient,
    };
  }

  /** Registers a model package. */
  register(version: number, more: Json = {}): string {
    const arn = `${ACCOUNT}:model-package/group/${version}`;
    this.packages.set(arn, {
      ModelPackageArn: arn,
      ModelPackageGroupName: 'group',
      ModelPackageVersion: version,
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: 'Approved',
      CreationTime: 0,
      ModelPackageStatusDetails: { ValidationStatuses: [] },
      InferenceSpecification: {
        Containers: [{ Image: 'registered-image', ModelDataUrl: `s3://artifacts/models/${version}/model.tar.gz` }],
        SupportedContentTypes: [],
        SupportedResponseMIMETypes: [],
      },
      ...more,
    });
    return arn;
  }

  private answer(operation: string, text: string): { readonly status: number; readonly body: Json } {
    const input = (text === '' ? {} : JSON.parse(text)) as Json;
    this.inputs.push({ operation, input });
    this.before.get(operation)?.();
    this.before.delete(operation);
    try {
      const error = this.errors.get(operation);
      this.errors.delete(operation);
      if (error !== undefined) throw new Refusal(...error);
      const run = this.operations[operation];
      if (run === undefined) throw new Refusal('UnknownOperationException', `the fake has no ${operation}`);
      const body = run(input);
      if (/^(Create|Update|Delete|Register|Deregister|Put)/.test(operation)) this.changes.push(operation);
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: 400, body: { __type: error.type, message: error.message } };
    }
  }

  private readonly operations: Readonly<Record<string, Operation>> = {
    DescribeModelPackage: ({ ModelPackageName: name }) =>
      this.packages.get(String(name)) ?? refuse(`ModelPackage ${String(name)} does not exist.`),
    CreateModel: (input) => this.create(this.models, 'model', input, 'ModelName'),
    DescribeModel: ({ ModelName: name }) => ({
      ...(this.models.get(String(name)) ?? refuse(`Could not find model "${String(name)}".`)),
      ModelArn: `${ACCOUNT}:model/${String(name)}`,
      CreationTime: 0,
    }),
    DeleteModel: ({ ModelName: name }) => this.remove(this.models, 'model', name),
    CreateEndpointConfig: (input) => {
      for (const { ModelName } of variants(input))
        if (!this.models.has(String(ModelName))) refuse(`Could not find model "${String(ModelName)}".`);
      return this.create(
        this.configs,
        'endpoint-config',
        { ...input, created: Date.now() / 1000 },
        'EndpointConfigName',
      );
    },
    DescribeEndpointConfig: ({ EndpointConfigName: name }) => {
      const { created, ...config } =
        this.configs.get(String(name)) ?? refuse(`Could not find endpoint configuration "${String(name)}".`);
      return { ...config, EndpointConfigArn: `${ACCOUNT}:endpoint-config/${String(name)}`, CreationTime: created };
    },
    DeleteEndpointConfig: ({ EndpointConfigName: name }) => this.remove(this.configs, 'endpoint configuration', name),
    ListEndpointConfigs: ({ NameContains: part }) => ({
      EndpointConfigs: [...this.configs]
        .filter(([name]) => name.includes(String(part ?? '')))
        .map(([name, { created }]) => ({ EndpointConfigName: name, EndpointConfigArn: name, CreationTime: created })),
    }),
    CreateEndpoint: ({ EndpointConfigName: config }) => {
      if (this.endpoint !== undefined) refuse('Cannot create already existing endpoint "x".');
      const failed = this.takeFailure();
      this.endpoint = {
        config: String(config),
        status: 'Creating',
        next: { looks: this.looks, status: failed === undefined ? 'InService' : 'Failed', reason: failed },
      };
      return { EndpointArn: 'x' };
    },
    UpdateEndpoint: ({ EndpointConfigName: config, DeploymentConfig: deployment }) => {
      const endpoint = this.endpoint ?? refuse('Could not find endpoint "x".');
      if (endpoint.next !== undefined) refuse('Cannot update in-progress endpoint "x".');
      if (!this.configs.has(String(config))) refuse(`Could not find endpoint configuration "${String(config)}".`);
      const names = (name: string) =>
        ((this.configs.get(name)?.ProductionVariants ?? []) as Json[]).map(({ VariantName }) => VariantName).join();
      if (deployment !== undefined && names(String(config)) !== names(endpoint.config))
        refuse('The new endpoint configuration must have the same variant names as the old one.');
      const failed = this.takeFailure();
      Object.assign(endpoint, {
        status: 'Updating',
        reason: undefined,
        next: {
          looks: this.looks,
          status: 'InService',
          config: failed === undefined ? String(config) : endpoint.config,
          reason: failed,
        },
      });
      return { EndpointArn: 'x' };
    },
    DescribeEndpoint: () => {
      const endpoint = this.endpoint ?? refuse('Could not find endpoint "x".');
      if (endpoint.next !== undefined && endpoint.next.looks-- <= 0) {
        const { status, config = endpoint.config, reason } = endpoint.next;
        this.endpoint = status === 'Deleted' ? undefined : { config, status, reason };
        return this.operations.DescribeEndpoint!({});
      }
      return {
        EndpointName: 'x',
        EndpointArn: 'x',
        EndpointStatus: endpoint.status,
        EndpointConfigName: endpoint.config,
        FailureReason: endpoint.reason,
        CreationTime: 0,
        LastModifiedTime: 0,
      };
    },
    DeleteEndpoint: () => {
      const endpoint = this.endpoint ?? refuse('Could not find endpoint "x".');
      Object.assign(endpoint, { status: 'Deleting', next: { looks: this.looks, status: 'Deleted' } });
      return {};
    },
    ListTags: ({ ResourceArn: arn }) => ({ Tags: this.tags.get(String(arn)) ?? [] }),
    GetParameter: ({ Name: name }) => {
      if (!this.parameters.has(String(name))) throw new Refusal('ParameterNotFound', '');
      return { Parameter: { Name: name, Value: this.parameters.get(String(name)) } };
    },
    DescribeScalableTargets: () => ({
      ScalableTargets: [...this.targets.values()].map((target) => ({
        ...target,
        MinCapacity: 1,
        MaxCapacity: 1,
        RoleARN: 'r',
        CreationTime: 0,
      })),
    }),
    RegisterScalableTarget: (input) => {
      this.targets.set(String(input.ScalableDimension), input);
      return {};
    },
    DeregisterScalableTarget: ({ ScalableDimension: dimension }) => {
      this.targets.delete(String(dimension));
      return {};
    },
    PutScalingPolicy: (input) => {
      this.policies.push(input);
      return { PolicyARN: `arn:policy/${String(input.PolicyName)}`, Alarms: [] };
    },
  };

  private takeFailure(): string | undefined {
    const reason = this.failure;
    this.failure = undefined;
    return reason;
  }

  private create<T extends Json>(all: Map<string, T>, kind: string, { Tags, ...input }: Json, key: string): Json {
    const name = String(input[key]);
    if (all.has(name)) refuse(`Cannot create already existing ${kind} "${name}".`);
    all.set(name, input as T);
    this.tags.set(`${ACCOUNT}:${kind}/${name}`, (Tags ?? []) as Json[]);
    return {};
  }

  private remove(all: Map<string, Json>, kind: string, name: unknown): Json {
    if (!all.delete(String(name))) refuse(`Could not find ${kind} "${String(name)}".`);
    return {};
  }
}

class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

function refuse(message: string): never {
  throw new Refusal('ValidationException', message);
}

function variants({ ProductionVariants = [], ShadowProductionVariants = [] }: Json): Json[] {
  return [...(ProductionVariants as Json[]), ...(ShadowProductionVariants as Json[])];
}
