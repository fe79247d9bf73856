// The schema of one service, with its units and defaults. Loads no construct.
import * as z from 'zod';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,24}$/, 'use 1 to 25 lower-case letters, digits and hyphens, starting with a letter');
const percent = z.number().min(1).max(100);
const seconds = z.number().int().min(0);
const arn = z.string().regex(/^arn:/, 'use an ARN');

const permission = z.strictObject({
  actions: z
    .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z*]+$/, 'use service:Action such as s3:GetObject'))
    .min(1)
    .describe('IAM actions the application may call'),
  resources: z
    .array(z.string().min(1))
    .min(1)
    .describe('ARNs they apply to; {partition}, {region} and {account} are filled in'),
});

const container = {
  image: z.string().min(1).describe('Image URI with a tag or digest'),
  environment: z.record(z.string(), z.string()).default({}).describe('Plain environment variables'),
  secrets: z
    .record(z.string(), arn)
    .default({})
    .describe('Environment variable -> ARN in Secrets Manager or Parameter Store; the role may read exactly these'),
  command: z.array(z.string()).optional(),
};

const sidecar = z.strictObject({
  ...container,
  containerName: name,
  containerPort: z.number().int().min(1).max(65535).optional(),
  repositoryArn: arn
    .optional()
    .describe(
      'ECR repository of the image, where it is private. One of a pull-through cache must have the image ' +
        'already: tasks may not fill the cache',
    ),
  essential: z.boolean().default(false).describe('Whether the task stops when this container does'),
});

const schedule = z.strictObject({
  name,
  schedule: z.string().regex(/^(cron|rate|at)\(.+\)$/, 'use cron(...), rate(...) or at(...)'),
  timezone: z.string().optional().describe('IANA time zone. Default: UTC'),
  minCapacity: z.number().int().min(0).optional().describe('Tasks'),
  maxCapacity: z.number().int().min(0).optional().describe('Tasks'),
});

const https = z
  .strictObject({
    certificateArn: arn.optional().describe('An ACM certificate that exists'),
    domainName: z
      .string()
      .min(1)
      .optional()
      .describe('Name to have a certificate made for, and a record pointed at the load balancer'),
    hostedZoneId: z.string().min(1).optional().describe('Route 53 zone of the name'),
  })
  .refine(
    (value) =>
      value.certificateArn !== undefined || (value.domainName !== undefined && value.hostedZoneId !== undefined),
    {
      message: 'use certificateArn, or domainName with hostedZoneId, or all three',
    },
  );

/** What sets one service apart from the general defaults. */
export interface ServiceDefaults {
  readonly exposure?: 'public' | 'internal' | 'none';
  readonly containerPort?: number;
  readonly cpu?: number;
  readonly memoryMiB?: number;
  readonly callers?: string[];
  readonly modelEndpoint?: boolean;
  readonly taskRoleName?: string;
}

/** The schema of a service whose defaults are `defaults`, then the general ones. */
export function serviceConfig(defaults: ServiceDefaults = {}) {
  return z.strictObject({
    exposure: z
      .enum(['public', 'internal', 'none'])
      .default(defaults.exposure ?? 'internal')
      .describe('public: from the internet. internal: from its callers only. none: a worker without a load balancer'),
    callers: z
      .array(name)
      .default(defaults.callers ?? [])
      .describe('Services that may call this one; each gets its address as <SERVICE>_URL'),
    containerPort: z
      .number()
      .int()
      .min(1)
      .max(65535)
      .default(defaults.containerPort ?? 8080),
    healthCheckPath: z.string().regex(/^\//, 'use a path that starts with /').default('/health'),
    cpu: z
      .number()
      .int()
      .default(defaults.cpu ?? 512)
      .describe('CPU units; 1024 are one vCPU'),
    memoryMiB: z
      .number()
      .int()
      .default(defaults.memoryMiB ?? 1024)
      .describe('MiB'),
    cpuArchitecture: z.enum(['ARM64', 'X86_64']).default('ARM64'),
    ephemeralStorageGiB: z.number().int().min(21).max(200).optional().describe('GiB. Default: the 20 that are free'),
    repository: z
      .string()
      .min(1)
      .optional()
      .describe("ECR repository of the image, by name or, in another account, by ARN. Default: the service's name"),
    initialImage: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Image URI to run until the pipeline has deployed one. Default: none, the service waits for its first image',
      ),
    environment: z.record(z.string(), z.string()).default({}).describe('Plain environment variables'),
    secrets: container.secrets,
    command: container.command,
    permissions: z.array(permission).default([]).describe('What the application may do in AWS'),
    modelEndpoint: z
      .boolean()
      .default(defaults.modelEndpoint ?? false)
      .describe("Whether it may invoke the model's endpoint; it gets its name as SAGEMAKER_ENDPOINT_NAME"),
    taskRoleName: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe(`Default: ${defaults.taskRoleName ?? '<service>-task-role'}`)
      .default(defaults.taskRoleName as string),
    sidecars: z.array(sidecar).default([]),
    readonlyRootFilesystem: z.boolean().default(true),
    user: z.string().min(1).optional(),
    stopTimeoutSeconds: z.number().int().min(2).max(120).default(30).describe('Seconds between SIGTERM and SIGKILL'),
    enableExecuteCommand: z
      .boolean()
      .default(false)
      .describe('ECS Exec: a shell in a running task. Makes the root file system writable'),
    desiredCount: z
      .number()
      .int()
      .min(0)
      .default(2)
      .describe('Tasks at creation; autoscaling owns the number afterwards'),
    minCapacity: z.number().int().min(0).default(2).describe('Tasks'),
    maxCapacity: z.number().int().min(0).default(4).describe('Tasks'),
    cpuTargetPercent: percent.default(70),
    memoryTargetPercent: percent.optional().describe('Default: memory does not scale'),
    requestsPerTarget: z
      .number()
      .min(1)
      .optional()
      .describe('Requests a minute and task. Default: requests do not scale'),
    scaleInCooldownSeconds: seconds.default(300),
    scaleOutCooldownSeconds: seconds.default(300),
    schedules: z.array(schedule).default([]),
    spotPercent: z
      .number()
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe('Share of the tasks above onDemandBase that run on FARGATE_SPOT'),
    onDemandBase: z
      .number()
      .int()
      .min(0)
      .default(1)
      .describe('Tasks that always run on FARGATE, where spotPercent is above 0'),
    https: https.optional().describe('Default: HTTP only'),
    webAclArn: arn.optional().describe('WAF web ACL for the load balancer'),
    ingressCidrs: z.array(z.string()).optional().describe('Who may reach a public load balancer. Default: everyone'),
    accessLogs: z.boolean().default(false).describe('Load balancer access logs, in a bucket made for them'),
    alarms: z.boolean().default(false).describe("Ready-made alarms to the layer's alarm topic"),
    deploymentController: z
      .enum(['ECS', 'CODE_DEPLOY'])
      .default('ECS')
      .describe(
        'ECS: tasks are replaced step by step. CODE_DEPLOY: blue/green, the ci-cd layer shifts the traffic. ' +
          'Another value replaces the service',
      ),
    testListenerPort: z
      .number()
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe('Port on which CodeDeploy shows new tasks before they serve. Default: none'),
    testListenerCidrs: z.array(z.string()).default([]).describe('Who may reach that port'),
    rollBackOnAlarms: z
      .boolean()
      .default(false)
      .describe('Whether alarms roll a deployment back, besides failing tasks'),
  });
}

export type ServiceConfig = z.output<ReturnType<typeof serviceConfig>>;
export { name as serviceName };
