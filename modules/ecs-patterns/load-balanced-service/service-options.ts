// What may be chosen of a service: one schema for its construct and for the configuration of a layer. Loads no construct.
import { defaultsOf, integer, isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';
import {
  containerHealthCheck,
  containerOptions,
  fargateServiceOptions,
  fargateServiceProblems,
  scalingOptions,
  scalingProblems,
  taskOptions,
  taskProblems,
  type ContainerDependency,
  type ContainerHealthCheck,
  type ContainerProps,
  type FargateServiceOptions,
  type ScalingOptions,
  type TaskOptions,
} from '@strata/ecs/rules';
import {
  loadBalancerOptions,
  loadBalancerProblems,
  SOURCE_NAME,
  targetGroupOptions,
  targetGroupProblems,
  type LoadBalancerOptions,
  type TargetGroupOptions,
} from '@strata/elb/rules';
import * as z from 'zod';
import { alarmOptions, type AlarmOptions } from '../service-alarms/alarm-options';

/**
 * Who reaches a service. `public`: anyone, through a load balancer with public addresses. `internal`: its callers,
 * through one inside the VPC. `none`: a worker, which has no load balancer.
 */
export type Exposure = 'public' | 'internal' | 'none';

/** How a service is reached over HTTPS: a certificate that exists, one to make for a name, or one and a name for it. */
export interface ServiceHttps {
  /** ARN of an ACM certificate that exists, in the same region. @default one is made for domainName */
  readonly certificateArn?: string;
  /** Name to point at the load balancer, and to make a certificate for where none is given. @default none */
  readonly domainName?: string;
  /** Id of the Route 53 zone of the name. @default none */
  readonly hostedZoneId?: string;
  /** Further names on the certificate that is made. @default none */
  readonly subjectAlternativeNames?: readonly string[];
  /** Further certificates, chosen by the name that a client asks for: ARN by name. @default none */
  readonly additionalCertificateArns?: Readonly<Record<string, string>>;
  /** TLS policy; TLS 1.2 is the lowest version allowed. @default ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 */
  readonly tlsPolicy?: string;
}

type ContainerOptions = Omit<
  ContainerProps,
  'containerName' | 'image' | 'repositoryArn' | 'healthCheck' | 'dependsOn' | 'containerPort' | 'stopTimeoutSeconds'
>;

/**
 * Everything about a service that is plain data: its container and task, how it runs, is reached, scales and is watched.
 * A layer's configuration takes these keys over as they are.
 */
export interface ServiceOptions
  extends
    ContainerOptions,
    TaskOptions,
    FargateServiceOptions,
    ScalingOptions,
    LoadBalancerOptions,
    TargetGroupOptions,
    AlarmOptions {
  /**
   * public: from the internet. internal: from its callers only. none: a worker without a load balancer.
   * @default internal
   */
  readonly exposure?: Exposure;
  /**
   * Port that the container listens on, 1 to 65535. A worker's is open only where serviceConnectPorts name it.
   * @default 8080
   */
  readonly containerPort?: number;
  /** Seconds between SIGTERM and SIGKILL, 2 to 120. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /** Command that ECS runs in the container to check it; the load balancer's check is healthCheckPath. @default none */
  readonly containerHealthCheck?: ContainerHealthCheck;
  /** What sidecars must have reached before the container starts. @default nothing */
  readonly containerDependsOn?: readonly ContainerDependency[];
  /** How the load balancer serves HTTPS. @default HTTP only */
  readonly https?: ServiceHttps;
  /**
   * Security groups outside the stack that may call an internal service, id by name.
   * @default none
   */
  readonly callerSecurityGroupIds?: Readonly<Record<string, string>>;
  /** Whether autoscaling owns the number of tasks. @default true */
  readonly autoscaling?: boolean;
  /** Tasks at creation, 0 to 5000; autoscaling owns the number afterwards. @default 2, moved into minCapacity to maxCapacity */
  readonly desiredCount?: number;
  /** Whether the service has CloudWatch alarms, which are billed. @default false */
  readonly alarms?: boolean;
  /** Whether alarms that a bad revision raises roll a deployment back, besides failing tasks. @default false */
  readonly rollBackOnAlarms?: boolean;
  /** Tags of everything that the service is made of. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const arn = z.string().regex(/^arn:/, 'use an ARN');

/** The schema of `ServiceHttps`. */
export const serviceHttps = z.strictObject({
  certificateArn: z
    .string()
    .regex(/^arn:[a-z-]+:(acm|iam):/, 'use the ARN of a certificate')
    .optional()
    .describe('ARN of an ACM certificate that exists, in the same region. Default: one is made for domainName'),
  domainName: z
    .string()
    .min(1)
    .optional()
    .describe('Name to point at the load balancer, and to make a certificate for where none is given. Default: none'),
  hostedZoneId: z.string().min(1).optional().describe('Id of the Route 53 zone of the name. Default: none'),
  subjectAlternativeNames: z
    .array(z.string().min(1))
    .optional()
    .describe('Further names on the certificate that is made. Default: none'),
  additionalCertificateArns: z
    .record(z.string().regex(SOURCE_NAME.pattern, `use ${SOURCE_NAME.allowed}`), arn)
    .optional()
    .describe('Further certificates, chosen by the name that a client asks for: ARN by name. Default: none'),
  tlsPolicy: z
    .string()
    .regex(
      /^ELBSecurityPolicy-TLS13-1-[23]-/,
      'use one that starts with ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-',
    )
    .optional()
    .describe('TLS policy; TLS 1.2 is the lowest version allowed. Default: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'),
});

const {
  containerName: _,
  image: _image,
  repositoryArn: _repository,
  healthCheck: _check,
  dependsOn,
  ...container
} = containerOptions.shape;

/** The schema of `ServiceOptions`. */
export const serviceOptions = z.strictObject({
  ...container,
  ...taskOptions.shape,
  ...fargateServiceOptions.shape,
  ...scalingOptions.shape,
  ...loadBalancerOptions.shape,
  ...targetGroupOptions.shape,
  ...alarmOptions.shape,
  minRunningTasks: alarmOptions.shape.minRunningTasks
    .unwrap()
    .optional()
    .describe(`${alarmOptions.shape.minRunningTasks.description}. Default: 1, no alarm where no task need run`),
  exposure: z
    .enum(['public', 'internal', 'none'])
    .default('internal')
    .describe('public: from the internet. internal: from its callers only. none: a worker without a load balancer'),
  containerPort: integer({ min: 1, max: 65_535 })
    .default(8080)
    .describe(
      "Port that the container listens on, 1 to 65535. A worker's is open only where serviceConnectPorts name it",
    ),
  stopTimeoutSeconds: integer({ min: 2, max: 120, unit: 'seconds' })
    .default(30)
    .describe('Seconds between SIGTERM and SIGKILL, 2 to 120'),
  containerHealthCheck: containerHealthCheck
    .optional()
    .describe(
      "Command that ECS runs in the container to check it; the load balancer's check is healthCheckPath. Default: none",
    ),
  containerDependsOn: dependsOn
    .unwrap()
    .optional()
    .describe('What sidecars must have reached before the container starts. Default: nothing'),
  https: serviceHttps.optional().describe('How the load balancer serves HTTPS. Default: HTTP only'),
  callerSecurityGroupIds: z
    .record(
      z.string().regex(SOURCE_NAME.pattern, `use ${SOURCE_NAME.allowed}`),
      z.string().regex(/^sg-/, 'use the id of a security group'),
    )
    .default({})
    .describe('Security groups outside the stack that may call an internal service, id by name'),
  autoscaling: z.boolean().default(true).describe('Whether autoscaling owns the number of tasks'),
  desiredCount: integer({ min: 0, max: 5000, unit: 'tasks' })
    .optional()
    .describe(
      'Tasks at creation, 0 to 5000; autoscaling owns the number afterwards. Default: 2, moved into minCapacity to maxCapacity',
    ),
  alarms: z.boolean().default(false).describe('Whether the service has CloudWatch alarms, which are billed'),
  rollBackOnAlarms: z
    .boolean()
    .default(false)
    .describe('Whether alarms that a bad revision raises roll a deployment back, besides failing tasks'),
  tags: z
    .record(z.string(), z.string())
    .optional()
    .describe('Tags of everything that the service is made of. Default: none'),
});

const DEFAULTS = defaultsOf(serviceOptions);

/** Options that mean nothing without a load balancer. */
const OF_LOAD_BALANCER = [
  ...Object.keys(loadBalancerOptions.shape),
  ...Object.keys(targetGroupOptions.shape),
  'https',
  'callerSecurityGroupIds',
  'requestsPerTarget',
  'healthCheckGracePeriodSeconds',
] as (keyof ServiceOptions)[];
/** Options that mean nothing without autoscaling. */
const OF_AUTOSCALING = Object.keys(scalingOptions.shape) as (keyof ServiceOptions)[];

/** Tasks at creation: 2, or the nearest number that the bounds of autoscaling allow. */
export function initialTasks({ autoscaling = true, desiredCount, minCapacity, maxCapacity }: ServiceOptions): number {
  if (desiredCount !== undefined) return desiredCount;
  return autoscaling ? Math.min(Math.max(2, minCapacity ?? 2), maxCapacity ?? 4) : 2;
}

/**
 * What is wrong between the options of a service: the one list of rules, for its construct and for a layer that reads
 * the options from a configuration.
 */
export function serviceProblems(
  options: ServiceOptions & { readonly containerName?: string },
  isKnown: IsKnown = isGiven,
): OptionProblem[] {
  const { exposure = 'internal', https, dualStack = false } = options;
  return [
    ...(exposure === 'none'
      ? misplaced(
          options,
          OF_LOAD_BALANCER,
          'a service with exposure "none" has no load balancer; leave it out, or change exposure',
        )
      : [
          ...loadBalancerProblems(options, { secure: https !== undefined, dualStack }, isKnown),
          ...targetGroupProblems(options, isKnown),
          ...httpsProblems(options),
        ]),
    ...(options.autoscaling === false
      ? misplaced(options, OF_AUTOSCALING, 'autoscaling is false; leave it out, or set autoscaling to true')
      : [...scalingProblems(options, isKnown), ...desiredCountProblems(options, isKnown)]),
    ...taskProblems(taskOf(options), isKnown).map(({ path: [key, ...rest], ...problem }) => ({
      ...problem,
      path: [key === 'dependsOn' ? 'containerDependsOn' : key!, ...rest],
    })),
    ...fargateServiceProblems(options, isKnown),
    ...(options.deploymentController === 'CODE_DEPLOY' ? blueGreenProblems(options) : testListenerProblems(options)),
    ...(exposure === 'public' && Object.keys(options.callerSecurityGroupIds ?? {}).length > 0
      ? [
          {
            path: ['callerSecurityGroupIds'],
            message:
              'callers reach a public service from outside, not by their security group; make exposure "internal", or ' +
              'use ingressCidrs',
          },
        ]
      : []),
    ...(options.rollBackOnAlarms === true && options.alarms !== true
      ? [{ path: ['rollBackOnAlarms'], message: 'there are no alarms to roll back on; set alarms to true too' }]
      : []),
  ];
}

/** The task of a service, in whose container the two options that are called otherwise here have their own names. */
export function taskOf<T extends ServiceOptions>({
  containerHealthCheck: healthCheck,
  containerDependsOn,
  ...options
}: T) {
  const isServed = options.exposure !== 'none' || (options.serviceConnectPorts ?? []).length > 0;
  const containerPort = isServed ? (options.containerPort ?? 8080) : undefined;
  return { ...options, containerPort, healthCheck, dependsOn: containerDependsOn };
}

function misplaced(options: ServiceOptions, keys: readonly (keyof ServiceOptions)[], message: string): OptionProblem[] {
  return keys
    .filter((key) => options[key] !== undefined && JSON.stringify(options[key]) !== JSON.stringify(DEFAULTS[key]))
    .map((key) => ({ path: [key], message }));
}

function desiredCountProblems(options: ServiceOptions, isKnown: IsKnown): OptionProblem[] {
  const { desiredCount: desired, minCapacity: min = 2, maxCapacity: max = 4 } = options;
  return isKnown(desired) && isKnown(min) && isKnown(max) && min <= max && (desired < min || desired > max)
    ? [
        {
          path: ['desiredCount'],
          input: desired,
          message: `use ${min} to ${max}, from minCapacity to maxCapacity, or move those`,
        },
      ]
    : [];
}

function httpsProblems({ https, protocolVersion }: ServiceOptions): OptionProblem[] {
  if (https === undefined) {
    return protocolVersion === 'GRPC'
      ? [
          {
            path: ['protocolVersion'],
            input: protocolVersion,
            message: 'gRPC is served over HTTPS only; give https too',
          },
        ]
      : [];
  }
  const { certificateArn, domainName, hostedZoneId, subjectAlternativeNames } = https;
  const isNamed = domainName !== undefined && hostedZoneId !== undefined;
  return [
    ...((domainName === undefined) !== (hostedZoneId === undefined) || (certificateArn === undefined && !isNamed)
      ? [{ path: ['https'], message: 'use certificateArn, or domainName with hostedZoneId, or all three' }]
      : []),
    ...(certificateArn !== undefined && subjectAlternativeNames !== undefined
      ? [
          {
            path: ['https', 'subjectAlternativeNames'],
            message: 'a certificate that exists has its names already; leave it out, or leave out certificateArn',
          },
        ]
      : []),
  ];
}

function blueGreenProblems(options: ServiceOptions): OptionProblem[] {
  return [
    ...(options.exposure === 'none'
      ? [
          {
            path: ['deploymentController'],
            input: options.deploymentController,
            message: 'CodeDeploy shifts traffic, and a service with exposure "none" has none; use "ECS"',
          },
        ]
      : []),
    ...(options.requestsPerTarget === undefined
      ? []
      : [
          {
            path: ['requestsPerTarget'],
            input: options.requestsPerTarget,
            message:
              'it cannot be followed while CodeDeploy changes the target group; leave it out, or use the ' +
              'deploymentController "ECS"',
          },
        ]),
  ];
}

function testListenerProblems({ testListenerPort, exposure }: ServiceOptions): OptionProblem[] {
  return testListenerPort === undefined || exposure === 'none'
    ? []
    : [
        {
          path: ['testListenerPort'],
          message:
            'new tasks are shown beforehand by CodeDeploy alone; set deploymentController to "CODE_DEPLOY", or leave it out',
        },
      ];
}
