// The options of a service: one schema for its construct and for a layer's configuration. Loads no construct.
import { arn } from '@strata/core/config';
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
  CERTIFICATE_NAME,
  HOST_NAME,
  SOURCE_NAME,
  targetGroupOptions,
  targetGroupProblems,
  type LoadBalancerOptions,
  type TargetGroupOptions,
} from '@strata/elb/rules';
import * as z from 'zod';
import { alarmOptions, type AlarmOptions } from '../service-alarms/alarm-options';

/**
 * Who can reach a service. `public`: anyone, through an internet-facing load balancer. `internal`: its callers, through
 * a load balancer inside the VPC. `none`: a worker without a load balancer.
 */
export type Exposure = 'public' | 'internal' | 'none';

/** HTTPS for a service: an existing certificate, a domain name to create one for, or both. */
export interface ServiceHttps {
  /** ARN of an existing ACM certificate in the same region. @default one is created for domainName */
  readonly certificateArn?: string;
  /**
   * Domain name to point at the load balancer, and to create a certificate for if certificateArn is not set.
   * @default none
   */
  readonly domainName?: string;
  /** Id of the Route 53 hosted zone of domainName. @default none */
  readonly hostedZoneId?: string;
  /** Further names on the created certificate. @default none */
  readonly subjectAlternativeNames?: readonly string[];
  /** Further certificates, selected by the client's SNI host name: a map of name to ARN. @default none */
  readonly additionalCertificateArns?: Readonly<Record<string, string>>;
  /** TLS security policy; the minimum version is TLS 1.2. @default ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 */
  readonly tlsPolicy?: string;
}

type ContainerOptions = Omit<
  ContainerProps,
  'containerName' | 'image' | 'repositoryArn' | 'healthCheck' | 'dependsOn' | 'containerPort' | 'stopTimeoutSeconds'
>;

/**
 * All options of a service that are plain data: container and task, placement, exposure, scaling and alarms. A layer's
 * configuration uses the same keys.
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
   * Port that the container listens on, 1 to 65535. A worker's port is open only if serviceConnectPorts lists it.
   * @default 8080
   */
  readonly containerPort?: number;
  /** Seconds between SIGTERM and SIGKILL, 2 to 120. @default 30 */
  readonly stopTimeoutSeconds?: number;
  /**
   * Health check command that ECS runs in the container; the load balancer's check is healthCheckPath.
   * @default none
   */
  readonly containerHealthCheck?: ContainerHealthCheck;
  /** Conditions that sidecars must meet before the container starts. @default nothing */
  readonly containerDependsOn?: readonly ContainerDependency[];
  /** How the load balancer serves HTTPS. @default HTTP only */
  readonly https?: ServiceHttps;
  /** Security groups outside the stack that may call an internal service: a map of name to id. @default none */
  readonly callerSecurityGroupIds?: Readonly<Record<string, string>>;
  /** Whether autoscaling owns the number of tasks. @default true */
  readonly autoscaling?: boolean;
  /**
   * Number of tasks at creation, 0 to 5000; autoscaling owns it afterwards.
   * @default 2, or the nearest number from minCapacity to maxCapacity
   */
  readonly desiredCount?: number;
  /** Whether to create CloudWatch alarms for the service, which are billed. @default false */
  readonly alarms?: boolean;
  /** Whether alarms that a bad revision raises roll back a deployment, in addition to failing tasks. @default false */
  readonly rollBackOnAlarms?: boolean;
  /** Tags on all resources of the service. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The schema of `ServiceHttps`. */
export const serviceHttps = z.strictObject({
  certificateArn: z
    .string()
    .regex(/^arn:[a-z-]+:(acm|iam):/, 'use the ARN of a certificate')
    .optional()
    .describe('ARN of an existing ACM certificate in the same region. Default: one is created for domainName'),
  domainName: z
    .string()
    .regex(HOST_NAME, 'use a host name in lower case, such as "app.example.com", without https:// and a last dot')
    .optional()
    .describe(
      'Domain name to point at the load balancer, and to create a certificate for if certificateArn is ' +
        'not set. Default: none',
    ),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{0,31}$/, 'use the id of a hosted zone, such as "Z0123456789ABCDEFGHIJ"')
    .optional()
    .describe('Id of the Route 53 hosted zone of domainName. Default: none'),
  subjectAlternativeNames: z
    .array(
      z.string().regex(CERTIFICATE_NAME, 'use a host name in lower case, such as "www.example.com" or "*.example.com"'),
    )
    .optional()
    .describe('Further names on the created certificate. Default: none'),
  additionalCertificateArns: z
    .record(z.string().regex(SOURCE_NAME.pattern, `use ${SOURCE_NAME.allowed}`), arn)
    .optional()
    .describe("Further certificates, selected by the client's SNI host name: a map of name to ARN. Default: none"),
  tlsPolicy: z
    .string()
    .regex(
      /^ELBSecurityPolicy-TLS13-1-[23]-/,
      'use one that starts with ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-',
    )
    .optional()
    .describe(
      'TLS security policy; the minimum version is TLS 1.2. Default: ' + 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
    ),
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
      "Port that the container listens on, 1 to 65535. A worker's port is open only if serviceConnectPorts lists it",
    ),
  stopTimeoutSeconds: integer({ min: 2, max: 120, unit: 'seconds' })
    .default(30)
    .describe('Seconds between SIGTERM and SIGKILL, 2 to 120'),
  containerHealthCheck: containerHealthCheck
    .optional()
    .describe(
      "Health check command that ECS runs in the container; the load balancer's check is healthCheckPath. " +
        'Default: none',
    ),
  containerDependsOn: dependsOn
    .unwrap()
    .optional()
    .describe('Conditions that sidecars must meet before the container starts. Default: nothing'),
  https: serviceHttps.optional().describe('How the load balancer serves HTTPS. Default: HTTP only'),
  callerSecurityGroupIds: z
    .record(
      z.string().regex(SOURCE_NAME.pattern, `use ${SOURCE_NAME.allowed}`),
      z.string().regex(/^sg-/, 'use the id of a security group'),
    )
    .default({})
    .describe('Security groups outside the stack that may call an internal service: a map of name to id'),
  autoscaling: z.boolean().default(true).describe('Whether autoscaling owns the number of tasks'),
  desiredCount: integer({ min: 0, max: 5000, unit: 'tasks' })
    .optional()
    .describe(
      'Number of tasks at creation, 0 to 5000; autoscaling owns it afterwards. Default: 2, or the nearest ' +
        'number from minCapacity to maxCapacity',
    ),
  alarms: z.boolean().default(false).describe('Whether to create CloudWatch alarms for the service, which are billed'),
  rollBackOnAlarms: z
    .boolean()
    .default(false)
    .describe('Whether alarms that a bad revision raises roll back a deployment, in addition to failing tasks'),
  tags: z.record(z.string(), z.string()).optional().describe('Tags on all resources of the service. Default: none'),
});

const DEFAULTS = defaultsOf(serviceOptions);

/** Options that have no effect without a load balancer. */
const OF_LOAD_BALANCER = [
  ...Object.keys(loadBalancerOptions.shape),
  ...Object.keys(targetGroupOptions.shape),
  'https',
  'callerSecurityGroupIds',
  'requestsPerTarget',
  'healthCheckGracePeriodSeconds',
] as (keyof ServiceOptions)[];
/** Options that have no effect without autoscaling. */
const OF_AUTOSCALING = Object.keys(scalingOptions.shape) as (keyof ServiceOptions)[];

/** Number of tasks at creation: 2, or the nearest number within the bounds of autoscaling. */
export function initialTasks({ autoscaling = true, desiredCount, minCapacity, maxCapacity }: ServiceOptions): number {
  if (desiredCount !== undefined) return desiredCount;
  return autoscaling ? Math.min(Math.max(2, minCapacity ?? 2), maxCapacity ?? 4) : 2;
}

/**
 * Problems between the options of a service: one list of rules, for its construct and for a layer that reads the
 * options from its configuration.
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
          'has no effect on a service with exposure "none", which has no load balancer; leave it out, or change ' +
            'exposure',
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
              'callers reach a public service from the internet, not from their security group; use exposure ' +
              '"internal", or ingressCidrs',
          },
        ]
      : []),
    ...(options.rollBackOnAlarms === true && options.alarms !== true
      ? [{ path: ['rollBackOnAlarms'], message: 'there are no alarms to roll back on; set alarms to true too' }]
      : []),
  ];
}

/** The task of a service. Two options of its container have other names here. */
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
            message: 'gRPC requires HTTPS; set https too',
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
            message: 'it applies only to a certificate created here; leave it out, or leave out certificateArn',
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
            message: 'CodeDeploy shifts load balancer traffic, and a service with exposure "none" has none; use "ECS"',
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
              'it cannot be used while CodeDeploy switches the target group; leave it out, or use the ' +
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
          message: 'only CodeDeploy uses a test listener; set deploymentController to "CODE_DEPLOY", or leave it out',
        },
      ];
}
