// The options of a load balancer, with AWS's rules. Loads no construct.
import { arn } from '@strata/core/config';
import { integer, isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';
import * as z from 'zod';
import { cidrProblem, isIpv6Cidr } from './cidr';

export type DesyncMitigationMode = 'defensive' | 'strictest' | 'monitor';

/**
 * How an Application Load Balancer treats connections, who may open them, and where it logs them.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 */
export interface LoadBalancerOptions {
  /**
   * CIDR blocks that may connect to the listeners: IPv4, and IPv6 where it is dual stack. They must be known at synth;
   * for a token, use the construct's allowFrom.
   * @default none
   */
  readonly ingressCidrs?: readonly string[];
  /** Prefix lists that may connect to the listeners: a map of name to id. @default none */
  readonly ingressPrefixListIds?: Readonly<Record<string, string>>;
  /**
   * Port of a second listener, on which CodeDeploy exposes new tasks before they take production traffic: 1 to 65535.
   * @default none
   */
  readonly testListenerPort?: number;
  /** CIDR blocks that may connect to the test listener. @default none */
  readonly testListenerCidrs?: readonly string[];
  /** Idle timeout of a connection in seconds, 1 to 4000. @default 60 */
  readonly idleTimeoutSeconds?: number;
  /** How to treat requests that a target might parse differently from the load balancer. @default defensive */
  readonly desyncMitigationMode?: DesyncMitigationMode;
  /** Whether to drop header fields with invalid names. @default true */
  readonly dropInvalidHeaderFields?: boolean;
  /** Whether to offer HTTP/2 to clients. @default true */
  readonly http2?: boolean;
  /** Whether AWS refuses to delete the load balancer. @default false */
  readonly deletionProtection?: boolean;
  /** ARN of a regional WAF web ACL that filters requests. @default none */
  readonly webAclArn?: string;
  /** Whether to create a bucket for access logs. @default false */
  readonly accessLogs?: boolean;
  /**
   * Existing bucket for access logs, in the same region, whose policy lets Elastic Load Balancing write.
   * @default none
   */
  readonly accessLogsBucketName?: string;
  /** Key prefix of the access logs. @default none */
  readonly accessLogsPrefix?: string;
  /** Days that the bucket made for access logs keeps a log, 1 to 3650. @default 90 */
  readonly accessLogsExpirationDays?: number;
  /** Whether destroying the bucket made for access logs destroys the logs in it. @default false */
  readonly accessLogsForceDestroy?: boolean;
}

/** The schema of `LoadBalancerOptions`. */
export const loadBalancerOptions = z.strictObject({
  ingressCidrs: z
    .array(z.string())
    .optional()
    .describe(
      'CIDR blocks that may connect to the listeners: IPv4, and IPv6 where it is dual stack. They must be known ' +
        "at synth; for a token, use the construct's allowFrom. Default: none",
    ),
  ingressPrefixListIds: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
          'use names of 1 to 64 letters, digits, dots, hyphens and underscores',
        ),
      z.string().min(1),
    )
    .optional()
    .describe('Prefix lists that may connect to the listeners: a map of name to id. Default: none'),
  testListenerPort: integer({ min: 1, max: 65_535 })
    .optional()
    .describe(
      'Port of a second listener, on which CodeDeploy exposes new tasks before they take production traffic: 1 ' +
        'to 65535. Default: none',
    ),
  testListenerCidrs: z.array(z.string()).default([]).describe('CIDR blocks that may connect to the test listener'),
  idleTimeoutSeconds: integer({ min: 1, max: 4000, unit: 'seconds' })
    .default(60)
    .describe('Idle timeout of a connection in seconds, 1 to 4000'),
  desyncMitigationMode: z
    .enum(['defensive', 'strictest', 'monitor'])
    .default('defensive')
    .describe('How to treat requests that a target might parse differently from the load balancer'),
  dropInvalidHeaderFields: z.boolean().default(true).describe('Whether to drop header fields with invalid names'),
  http2: z.boolean().default(true).describe('Whether to offer HTTP/2 to clients'),
  deletionProtection: z.boolean().default(false).describe('Whether AWS refuses to delete the load balancer'),
  webAclArn: arn.optional().describe('ARN of a regional WAF web ACL that filters requests. Default: none'),
  accessLogs: z.boolean().default(false).describe('Whether to create a bucket for access logs'),
  accessLogsBucketName: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Existing bucket for access logs, in the same region, whose policy lets Elastic Load Balancing write. Default: none',
    ),
  accessLogsPrefix: z
    .string()
    .refine(isAccessLogsPrefix, 'use a path without a slash at either end and without AWSLogs, or leave it out')
    .optional()
    .describe('Key prefix of the access logs. Default: none'),
  accessLogsExpirationDays: integer({ min: 1, max: 3650, unit: 'days' })
    .default(90)
    .describe('Days that the bucket made for access logs keeps a log, 1 to 3650'),
  accessLogsForceDestroy: z
    .boolean()
    .default(false)
    .describe('Whether destroying the bucket made for access logs destroys the logs in it'),
});

/** `ModifyLoadBalancerAttributes`, attribute `access_logs.s3.prefix`. */
export function isAccessLogsPrefix(prefix: string): boolean {
  return prefix.length > 0 && !prefix.startsWith('/') && !prefix.endsWith('/') && !prefix.includes('AWSLogs');
}

/** Other settings that the rules of a load balancer depend on. */
export interface LoadBalancerSetting {
  /** Whether it serves HTTPS. */
  readonly secure: boolean;
  /** Whether it has IPv6 addresses. */
  readonly dualStack: boolean;
}

/** Problems between the options of a load balancer. */
export function loadBalancerProblems(
  options: LoadBalancerOptions,
  setting: LoadBalancerSetting,
  isKnown: IsKnown = isGiven,
): OptionProblem[] {
  const { accessLogs, accessLogsBucketName: bucket } = options;
  return [
    ...cidrProblems('ingressCidrs', options.ingressCidrs, setting, isKnown),
    ...cidrProblems('testListenerCidrs', options.testListenerCidrs, setting, isKnown),
    ...testListenerProblems(options, setting, isKnown),
    ...(accessLogs === true && bucket !== undefined
      ? [
          {
            path: ['accessLogsBucketName'],
            message: 'accessLogs creates another bucket; leave one of the two out',
          },
        ]
      : []),
  ];
}

function cidrProblems(
  key: string,
  cidrs: readonly string[] | undefined,
  { dualStack }: LoadBalancerSetting,
  isKnown: IsKnown,
): OptionProblem[] {
  const known = (cidrs ?? []).filter((cidr) => isKnown(cidr));
  const wrong = known.flatMap((cidr) => {
    const problem = cidrProblem(cidr);
    if (problem !== undefined) return [problem];
    return isIpv6Cidr(cidr) && !dualStack
      ? [`"${cidr}" is IPv6 and the load balancer has IPv4 only; make it dual stack, or leave the block out`]
      : [];
  });
  if (new Set(known).size < known.length) wrong.push(`${JSON.stringify(known)} lists a block twice; list each once`);
  return wrong.map((message) => ({ path: [key], message }));
}

function testListenerProblems(
  { testListenerPort: port, testListenerCidrs: cidrs }: LoadBalancerOptions,
  { secure }: LoadBalancerSetting,
  isKnown: IsKnown,
): OptionProblem[] {
  if (port === undefined) {
    return (cidrs ?? []).length === 0
      ? []
      : [{ path: ['testListenerCidrs'], message: 'there is no test listener; set testListenerPort too' }];
  }
  const taken = secure ? [443, 80] : [80];
  return isKnown(port) && taken.includes(port)
    ? [
        {
          path: ['testListenerPort'],
          input: port,
          message: `another listener uses that port; use a port other than ${taken.join(' and ')}`,
        },
      ]
    : [];
}
