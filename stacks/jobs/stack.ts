import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { HttpApi, type ApiAuthorization } from '@strata/apigatewayv2';
import { AwsAccount } from '@strata/core';
import { parseConfig } from '@strata/core/config';
import { DeployedImages, EcsCluster, ServiceImage } from '@strata/ecs';
import { QueueProcessingService } from '@strata/ecs-workers';
import { policyDocument, type IamStatement } from '@strata/iam';
import { jobsContract } from '@strata/jobs-contract';
import { LayerStack, type LayerProps } from '@strata/layer';
import { networkContract } from '@strata/network-contract';
import { PrivateBucket } from '@strata/s3';
import packageJson from '@strata/stack-jobs/package.json';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { jobsConfig, type JobsConfig, type JobsConfigInput } from './config';
import { JobsDatabase } from './database';
import { JobsFunctions } from './functions';
import type { KindConfig } from './kind-config';
import { JobsMigrations } from './migrations';
import { jobsName, PREFIXES } from './names';

export const jobsStackId = 'jobs';

const DEFINITION = {
  stackId: jobsStackId,
  owner: jobsContract.owner,
  version: packageJson.version,
  reads: [networkContract.layer],
};

export interface JobsStackProps extends LayerProps {
  /** The layer's configuration; see `jobsConfig`. It names at least one kind of work. */
  readonly config: JobsConfigInput;
  /**
   * Names of the account's roles that hand in work for people of a page, as tenant `web`; with auth `iam`, unless
   * `api.tenants` names another tenant.
   * @default none
   */
  readonly callerRoleNames?: readonly string[];
  /** Origins of pages that upload files, besides `api.corsOrigins`. @default none */
  readonly pageOrigins?: readonly string[];
}

/** What the API answers; the functions know the same. */
const ROUTES = [
  { method: 'POST', path: '/uploads', functionName: 'submit' },
  { method: 'POST', path: '/jobs', functionName: 'submit' },
  { method: 'GET', path: '/jobs', functionName: 'status' },
  { method: 'GET', path: '/jobs/{jobId}', functionName: 'status' },
  { method: 'GET', path: '/jobs/{jobId}/rows', functionName: 'status' },
  { method: 'GET', path: '/jobs/{jobId}/download', functionName: 'status' },
  { method: 'GET', path: '/jobs/{jobId}/trace', functionName: 'status' },
  { method: 'POST', path: '/jobs/{jobId}/cancel', functionName: 'status' },
  { method: 'POST', path: '/jobs/{jobId}/retry', functionName: 'status' },
] as const;

/**
 * The jobs layer: long work, handed in over an HTTP API and answered later. Uploads and results are in S3, jobs and rows
 * in PostgreSQL; each kind of work has a queue and workers on Fargate, which start when there is work and stop when there
 * is none.
 */
export class JobsStack extends LayerStack {
  readonly cluster: EcsCluster;
  readonly bucket: PrivateBucket;
  readonly database: JobsDatabase;
  /** Of a database that the layer makes; whoever owns an imported one migrates it. */
  readonly migrations: JobsMigrations | undefined;
  readonly eventBus: CloudwatchEventBus;
  /** The images that pipelines deployed; see docs/adr/0004-task-definition-ownership.md. */
  readonly images: DeployedImages;
  readonly kinds: ReadonlyMap<string, QueueProcessingService>;
  readonly functions: JobsFunctions;
  readonly api: HttpApi;
  /** Of whoever may hand in work and ask about it. */
  readonly submitterPolicy: IamPolicy;

  /** @throws ConfigError naming every mistake in `config`. */
  constructor(scope: Construct, id: string, props: JobsStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const config = withPageOrigins(parseConfig(jobsConfig, props.config, { path: id }), props.pageOrigins ?? []);
    if (config.api.auth === 'none' && this.deletionProtection) {
      throw new Error(
        `${id}.api.auth: "none" lets anyone hand in work, in an environment with deletionProtection; use "iam" or "jwt"`,
      );
    }
    const name = jobsName(config.namePrefix);
    const network = this.read(networkContract, '^1.0');
    this.cluster = new EcsCluster(this, 'cluster', {
      clusterName: config.namePrefix === undefined ? config.clusterName : `${config.namePrefix}-${config.clusterName}`,
    });
    this.bucket = this.makeBucket(config);
    this.database = new JobsDatabase(this, 'database', {
      config,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      deletionProtection: this.deletionProtection,
    });
    this.migrations =
      config.database.kind === 'imported'
        ? undefined
        : new JobsMigrations(this, 'migrations', {
            config,
            vpcId: network.vpcId,
            subnetIds: network.privateSubnetIds,
            database: this.database,
            bucketName: this.bucket.bucketName,
            bucketArn: this.bucket.bucketArn,
          });
    this.eventBus = new CloudwatchEventBus(this, 'event-bus', { name });
    this.images = new DeployedImages(this, 'images', { project: this.project, environment: this.environment });
    const images = new Map(
      Object.entries(config.kinds).map(([kind, { repository, initialImage }]) => [
        kind,
        new ServiceImage(
          this,
          `jobs-${kind}`,
          { repository: repository ?? jobsName(config.namePrefix, kind), initialImage },
          this.images,
        ),
      ]),
    );
    this.kinds = new Map(
      Object.entries(config.kinds).map(([kind, options]) => [
        kind,
        this.makeKind(kind, options, config, images.get(kind)!, network),
      ]),
    );
    this.functions = new JobsFunctions(this, 'functions', {
      config,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      clusterName: this.cluster.clusterName,
      kinds: this.kinds,
      database: this.database,
      bucketName: this.bucket.bucketName,
      bucketArn: this.bucket.bucketArn,
      eventBusName: this.eventBus.name,
      eventBusArn: this.eventBus.arn,
      callerRoleNames: props.callerRoleNames ?? [],
    });
    const { submit, status } = this.functions;
    this.api = new HttpApi(this, 'api', {
      apiName: name,
      description: `Jobs of ${this.project}, ${this.environment}`,
      authorization: authorizationOf(config),
      functions: { submit, status },
      routes: ROUTES,
      corsOrigins: config.api.corsOrigins,
      ratePerSecond: config.api.ratePerSecond,
      burst: config.api.burst,
      logRetentionDays: config.logRetentionDays,
    });
    this.submitterPolicy = new IamPolicy(this, 'submitter-policy', {
      name: jobsName(config.namePrefix, 'submitter'),
      description: 'Hand in jobs and ask about them',
      policy: policyDocument([
        { sid: 'CallApi', actions: ['execute-api:Invoke'], resources: [this.api.invokeArn] },
        {
          sid: 'CallFunctions',
          actions: ['lambda:InvokeFunction'],
          resources: [submit.functionArn, status.functionArn],
        },
      ]),
    });
    this.publishOutputs(config, images);
  }

  private makeBucket(config: JobsConfig): PrivateBucket {
    const { accountId, region } = AwsAccount.of(this);
    const { corsOrigins } = config.api;
    return new PrivateBucket(this, 'bucket', {
      bucketName: config.bucketName ?? `${jobsName(config.namePrefix)}-${accountId}-${region}`,
      kmsKeyArn: config.kmsKeyArn,
      expiringPrefixes: [
        { prefix: PREFIXES.uploads, days: config.upload.retentionDays },
        { prefix: PREFIXES.results, days: config.results.retentionDays },
      ],
      abortIncompleteUploadDays: 1,
      cors: corsOrigins.length === 0 ? undefined : { origins: corsOrigins, methods: ['POST', 'GET'] },
      preventDestroy: this.deletionProtection,
      forceDestroy: !this.deletionProtection,
    });
  }

  private makeKind(
    kind: string,
    options: KindConfig,
    config: JobsConfig,
    image: ServiceImage,
    network: { readonly vpcId: string; readonly privateSubnetIds: string[] },
  ): QueueProcessingService {
    const { database, bucket } = this;
    const made = new QueueProcessingService(this, `kind-${kind}`, {
      name: `jobs-${kind}`,
      namePrefix: config.namePrefix,
      clusterName: this.cluster.clusterName,
      clusterArn: this.cluster.clusterArn,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      image: image.uri,
      repositoryArn: image.repositoryArn,
      cpu: options.cpu,
      memoryMiB: options.memoryMiB,
      cpuArchitecture: options.cpuArchitecture,
      ephemeralStorageGiB: options.ephemeralStorageGiB,
      command: options.command,
      entryPoint: options.entryPoint,
      secrets: options.secrets,
      secretsKmsKeyArns: options.secretsKmsKeyArns,
      spotPercent: options.spotPercent,
      minWorkers: options.minWorkers,
      maxWorkers: options.maxWorkers,
      idleSeconds: options.idleSeconds,
      acceptableLatencySeconds: options.acceptableLatencySeconds,
      expectedJobSeconds: options.expectedJobSeconds,
      visibilitySeconds: options.visibilitySeconds,
      maxAttempts: options.maxAttempts,
      // A job waits for a worker, and then for jobs before it: an alarm comes with twice what is acceptable.
      alarms: config.alarms
        ? { maxAgeSeconds: Math.max(60, 2 * options.acceptableLatencySeconds), topicArn: config.alarmTopicArn }
        : false,
      queueKmsKeyArn: config.kmsKeyArn,
      preventDestroy: this.deletionProtection,
      logRetentionDays: config.logRetentionDays,
      permissionsBoundaryArn: config.permissionsBoundaryArn,
      skipDestroy: this.deletionProtection,
      environment: {
        ...options.environment,
        STRATA_KIND: kind,
        STRATA_BUCKET: bucket.bucketName,
        STRATA_EVENT_BUS: this.eventBus.name,
        STRATA_DATABASE_URL: database.url('worker'),
        STRATA_DATABASE_IAM: 'true',
        STRATA_VISIBILITY_SECONDS: `${options.visibilitySeconds}`,
        STRATA_HEARTBEAT_SECONDS: `${options.heartbeatSeconds}`,
        STRATA_MAX_RUNTIME_SECONDS: `${options.maxRuntimeSeconds}`,
        STRATA_MAX_ATTEMPTS: `${options.maxAttempts}`,
        STRATA_LOAD_ROWS: `${config.results.loadRows}`,
      },
      permissions: [...this.workerStatements(config), ...options.permissions],
    });
    database.allowFrom(`kind-${kind}`, made.service.securityGroup);
    // Workers of a new version find its schema.
    if (this.migrations !== undefined) {
      const { resource } = made.service;
      resource.dependsOn = [...(resource.dependsOn ?? []), this.migrations.address];
    }
    return made;
  }

  private workerStatements(config: JobsConfig): IamStatement[] {
    const { bucketArn } = this.bucket;
    return [
      { sid: 'ReadInput', actions: ['s3:GetObject'], resources: [`${bucketArn}/${PREFIXES.uploads}*`] },
      {
        sid: 'Results',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [`${bucketArn}/${PREFIXES.results}*`],
      },
      // Without it S3 answers 403 instead of 404 for a result that is not there.
      { sid: 'MissingResult', actions: ['s3:ListBucket'], resources: [bucketArn] },
      { sid: 'TellOthers', actions: ['events:PutEvents'], resources: [this.eventBus.arn] },
      this.database.connectStatement('worker'),
      ...(config.kmsKeyArn === undefined
        ? []
        : [{ sid: 'BucketKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [config.kmsKeyArn] }]),
    ];
  }

  private publishOutputs(config: JobsConfig, images: ReadonlyMap<string, ServiceImage>): void {
    const { api, bucket, database, eventBus, functions } = this;
    this.publish(jobsContract, {
      apiUrl: api.url,
      apiId: api.apiId,
      submitFunctionArn: functions.submit.functionArn,
      statusFunctionArn: functions.status.functionArn,
      kinds: Object.fromEntries(
        [...this.kinds].map(([kind, made]) => [
          kind,
          publishedKind(made, images.get(kind)!, this.cluster.clusterName, config.kinds[kind]!),
        ]),
      ),
      bucketName: bucket.bucketName,
      bucketArn: bucket.bucketArn,
      eventBusName: eventBus.name,
      eventBusArn: eventBus.arn,
      databaseEndpoint: database.endpoint,
      databasePort: database.port,
      databaseName: database.databaseName,
      databaseSecretArn: database.masterSecretArn,
      databaseResourceId: database.resourceId,
      databaseSecurityGroupId: database.securityGroupId,
      submitterPolicyArn: this.submitterPolicy.arn,
    });
    new TerraformOutput(this, 'jobs_api_url', { value: api.url, description: 'Address of the API', staticId: true });
    for (const [kind, image] of images) image.noteMissingImage(this, `jobs-${kind}`);
  }
}

function withPageOrigins(config: JobsConfig, origins: readonly string[]): JobsConfig {
  return { ...config, api: { ...config.api, corsOrigins: [...new Set([...config.api.corsOrigins, ...origins])] } };
}

function authorizationOf({ api }: JobsConfig): ApiAuthorization {
  return api.auth === 'jwt' ? { type: 'jwt', issuer: api.issuer!, audiences: api.audience } : { type: api.auth };
}

function publishedKind(
  { queue, deadLetterQueue, names, service, taskDefinition }: QueueProcessingService,
  image: ServiceImage,
  clusterName: string,
  { cpuArchitecture }: KindConfig,
) {
  return {
    queueUrl: queue.queueUrl,
    queueArn: queue.queueArn,
    deadLetterQueueUrl: deadLetterQueue.queueUrl,
    serviceName: service.serviceName,
    clusterName,
    containerName: taskDefinition.containerName,
    containerPort: 0,
    taskDefinitionFamily: names.family,
    repositoryName: image.repositoryName,
    imageParameterName: image.parameterName,
    cpuArchitecture,
    executionRoleArn: taskDefinition.executionRole.arn,
    taskRoleArn: taskDefinition.taskRole.arn,
    securityGroupId: service.securityGroup.id,
    logGroupName: taskDefinition.logGroup.name,
    url: '',
  };
}
