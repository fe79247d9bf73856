// The options of a Fargate service, with the rules of ECS. Loads no construct.
import { arn } from '@strata/core/config';
import { integer, isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';

/** A port that other services of the namespace reach through Service Connect. */
export interface ServiceConnectPort {
  /** Name of a port of the task definition. */
  readonly portName: string;
  /** DNS name that callers use. @default the port's name */
  readonly dnsName?: string;
  /** Port that callers use, 1 to 65535. */
  readonly port: number;
}

/**
 * Who rolls out a new revision. `ECS`: ECS replaces tasks, a few at a time; Terraform or a pipeline sets the revision.
 * `CODE_DEPLOY`: CodeDeploy shifts traffic between two target groups; it then owns the service's task definition and
 * target group.
 */
export type DeploymentController = 'ECS' | 'CODE_DEPLOY';

/**
 * How tasks run, are placed and are replaced.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export interface FargateServiceOptions {
  /** Whether tasks may connect to any address; otherwise only to what securityGroup.allowTo adds. @default true */
  readonly allowAllEgress?: boolean;
  /** IPv6 besides IPv4. @default false */
  readonly dualStack?: boolean;
  /** Further security groups of the tasks, at most 4. @default none */
  readonly extraSecurityGroupIds?: readonly string[];
  /**
   * Whether each task gets a public IPv4 address, for public subnets without NAT; charged per address and hour.
   * @default false
   */
  readonly assignPublicIp?: boolean;
  /** Percentage of the tasks above onDemandBase that run on FARGATE_SPOT. @default 0 */
  readonly spotPercent?: number;
  /** Tasks that always run on FARGATE if spotPercent is above 0; 0 to 100000. @default 1 */
  readonly onDemandBase?: number;
  /** Version of the Fargate platform. @default LATEST */
  readonly platformVersion?: string;
  /**
   * ECS: tasks are replaced step by step. CODE_DEPLOY: blue/green, CodeDeploy shifts the traffic. Another value
   * replaces the service.
   * @default ECS
   */
  readonly deploymentController?: DeploymentController;
  /**
   * Whether a deployment fails if its tasks do not become healthy. Only with the controller ECS.
   * @default true with that controller
   */
  readonly circuitBreaker?: boolean;
  /** Whether a failed deployment is rolled back to the last completed one. @default true */
  readonly rollback?: boolean;
  /** Names of CloudWatch alarms that fail a deployment. Only with the controller ECS. @default none */
  readonly deploymentAlarmNames?: readonly string[];
  /** Fewest healthy tasks during a deployment, in percent of the desired count, 0 to 100. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** Most running tasks during a deployment, in percent of the desired count, 100 to 200. @default 200 */
  readonly maximumPercent?: number;
  /**
   * Whether ECS moves tasks when the zones are out of balance; needs maximumPercent above 100 and the controller ECS.
   * @default true where possible
   */
  readonly availabilityZoneRebalancing?: boolean;
  /**
   * Whether Terraform waits until the service is stable. A first apply without an image would wait until it times out.
   * @default false
   */
  readonly waitForSteadyState?: boolean;
  /**
   * Seconds during which failed load balancer health checks of a new task do not count, 0 to 2147483647.
   * @default 60 with a load balancer
   */
  readonly healthCheckGracePeriodSeconds?: number;
  /** ARN of a Cloud Map service to register the tasks in. @default none */
  readonly cloudMapServiceArn?: string;
  /** ARN of the Cloud Map namespace of Service Connect: the tasks can call its services. @default none */
  readonly serviceConnectNamespaceArn?: string;
  /** Ports that other services of the namespace can call. @default none: a client only */
  readonly serviceConnectPorts?: readonly ServiceConnectPort[];
  /** Whether the service is deleted even while it has tasks; otherwise Terraform scales it to zero first. @default false */
  readonly forceDelete?: boolean;
}

const percent = (min: number, max: number) => integer({ min, max, unit: 'percent' });
const serviceConnectPort = z.strictObject({
  portName: z.string().min(1),
  dnsName: z.string().min(1).optional(),
  port: integer({ min: 1, max: 65_535 }),
});

/** The schema of `FargateServiceOptions`. */
export const fargateServiceOptions = z.strictObject({
  allowAllEgress: z
    .boolean()
    .default(true)
    .describe('Whether tasks may connect to any address; otherwise only to what securityGroup.allowTo adds'),
  dualStack: z.boolean().default(false).describe('IPv6 besides IPv4'),
  extraSecurityGroupIds: z
    .array(z.string().regex(/^sg-/, 'use the id of a security group'))
    .max(4)
    .default([])
    .describe('Further security groups of the tasks, at most 4'),
  assignPublicIp: z
    .boolean()
    .default(false)
    .describe(
      'Whether each task gets a public IPv4 address, for public subnets without NAT; charged per ' + 'address and hour',
    ),
  spotPercent: percent(0, 100)
    .default(0)
    .describe('Percentage of the tasks above onDemandBase that run on FARGATE_SPOT'),
  onDemandBase: integer({ min: 0, max: 100_000, unit: 'tasks' })
    .default(1)
    .describe('Tasks that always run on FARGATE if spotPercent is above 0; 0 to 100000'),
  platformVersion: z
    .string()
    .regex(/^(LATEST|\d+\.\d+\.\d+)$/, 'use "LATEST" or a version such as "1.4.0"')
    .default('LATEST')
    .describe('Version of the Fargate platform'),
  deploymentController: z
    .enum(['ECS', 'CODE_DEPLOY'])
    .default('ECS')
    .describe(
      'ECS: tasks are replaced step by step. CODE_DEPLOY: blue/green, CodeDeploy shifts the traffic. Another value replaces the service',
    ),
  circuitBreaker: z
    .boolean()
    .optional()
    .describe(
      'Whether a deployment fails if its tasks do not become healthy. Only with the controller ECS. Default: ' +
        'true with that controller',
    ),
  rollback: z.boolean().default(true).describe('Whether a failed deployment is rolled back to the last completed one'),
  deploymentAlarmNames: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of CloudWatch alarms that fail a deployment. Only with the controller ECS'),
  minimumHealthyPercent: percent(0, 100)
    .default(100)
    .describe('Fewest healthy tasks during a deployment, in percent of the desired count, 0 to 100'),
  maximumPercent: percent(100, 200)
    .default(200)
    .describe('Most running tasks during a deployment, in percent of the desired count, 100 to 200'),
  availabilityZoneRebalancing: z
    .boolean()
    .optional()
    .describe(
      'Whether ECS moves tasks when the zones are out of balance; needs maximumPercent above 100 and the ' +
        'controller ECS. Default: true where possible',
    ),
  waitForSteadyState: z
    .boolean()
    .default(false)
    .describe(
      'Whether Terraform waits until the service is stable. A first apply without an image would wait ' +
        'until it times out',
    ),
  healthCheckGracePeriodSeconds: integer({ min: 0, max: 2_147_483_647, unit: 'seconds' })
    .optional()
    .describe(
      'Seconds during which failed load balancer health checks of a new task do not count, 0 to 2147483647. ' +
        'Default: 60 with a load balancer',
    ),
  cloudMapServiceArn: arn.optional().describe('ARN of a Cloud Map service to register the tasks in. Default: none'),
  serviceConnectNamespaceArn: arn
    .optional()
    .describe('ARN of the Cloud Map namespace of Service Connect: the tasks can call its services. Default: none'),
  serviceConnectPorts: z
    .array(serviceConnectPort)
    .default([])
    .describe('Ports that other services of the ' + 'namespace can call'),
  forceDelete: z
    .boolean()
    .default(false)
    .describe('Whether the service is deleted even while it has tasks; otherwise Terraform scales it to zero first'),
});

/** Problems between the options of a service. */
export function fargateServiceProblems(options: FargateServiceOptions, isKnown: IsKnown = isGiven): OptionProblem[] {
  const { minimumHealthyPercent: minimum = 100, maximumPercent: maximum = 200 } = options;
  const problem = (key: keyof FargateServiceOptions, message: string): OptionProblem => ({ path: [key], message });
  return [
    ...(isKnown(maximum) && isKnown(minimum) && maximum === 100 && minimum === 100
      ? [
          problem(
            'maximumPercent',
            '100 with a minimumHealthyPercent of 100 lets ECS neither stop nor start a task; lower the minimum ' +
              'or raise the maximum',
          ),
        ]
      : []),
    ...(options.availabilityZoneRebalancing === true && isKnown(maximum) && maximum <= 100
      ? [
          problem(
            'availabilityZoneRebalancing',
            `ECS rebalances only with a maximumPercent above 100, not ${maximum}; raise it, or turn rebalancing off`,
          ),
        ]
      : []),
    ...((options.serviceConnectPorts ?? []).length > 0 && options.serviceConnectNamespaceArn === undefined
      ? [problem('serviceConnectPorts', 'Service Connect needs a namespace; set serviceConnectNamespaceArn')]
      : []),
    ...(options.deploymentController === 'CODE_DEPLOY' ? codeDeployProblems(options) : []),
  ];
}

function codeDeployProblems(options: FargateServiceOptions): OptionProblem[] {
  const given: Partial<Record<keyof FargateServiceOptions, boolean>> = {
    circuitBreaker: options.circuitBreaker === true,
    deploymentAlarmNames: (options.deploymentAlarmNames ?? []).length > 0,
    availabilityZoneRebalancing: options.availabilityZoneRebalancing === true,
    spotPercent: (options.spotPercent ?? 0) !== 0,
    serviceConnectNamespaceArn: options.serviceConnectNamespaceArn !== undefined,
  };
  return Object.entries(given)
    .filter(([, isSet]) => isSet)
    .map(([key]) => ({
      path: [key],
      input: options[key as keyof FargateServiceOptions],
      message: 'only the deploymentController "ECS" supports it; leave it out, or change deploymentController',
    }));
}
