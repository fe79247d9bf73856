import { LOAD_BALANCER_NAME, TARGET_GROUP_NAME } from '@strata/elb';
import { CONTAINER_NAME, FAMILY_NAME, LOG_GROUP_NAME, SECURITY_GROUP_NAME, SERVICE_NAME } from '@strata/ecs';
import { ROLE_NAME } from '@strata/iam';
import { isResolved, checkName, type NameRule, type Problems } from '@strata/core';
import type { Exposure } from './service-options';

/** The physical names of one service. */
export interface ServiceNames {
  readonly loadBalancerName: string;
  readonly loadBalancerSecurityGroupName: string;
  readonly targetGroupName: string;
  readonly securityGroupName: string;
  readonly family: string;
  readonly containerName: string;
  readonly serviceName: string;
  readonly taskRoleName: string;
  readonly executionRoleName: string;
  readonly logGroupName: string;
  readonly autoscalingPolicyName: string;
}

/**
 * The names derived from a service's name: `app-web` becomes `app-web-alb`, `app-web-td` and so on; with the prefix
 * `dev`, `dev-app-web-alb`. A target group of HTTP/2 or gRPC says so in its name: its protocol version cannot change, so
 * that one of another version has to stand beside it first.
 */
export function serviceNames(name: string, namePrefix?: string, protocolVersion = 'HTTP1'): ServiceNames {
  const full = namePrefix === undefined ? name : `${namePrefix}-${name}`;
  return {
    loadBalancerName: `${full}-alb`,
    loadBalancerSecurityGroupName: `${full}-alb-sg`,
    targetGroupName: `${full}-alb-tg${protocolVersion === 'HTTP1' ? '' : `-${protocolVersion.toLowerCase()}`}`,
    securityGroupName: `${full}-sg`,
    family: `${full}-td`,
    // A pipeline names the container in imagedefinitions.json, the same in every environment: no prefix.
    containerName: name,
    serviceName: `${full}-service`,
    taskRoleName: `${full}-task-role`,
    executionRoleName: `${full}-execution-role`,
    logGroupName: `/ecs/${full}`,
    autoscalingPolicyName: `${full}-asg-policy`,
  };
}

const RULES: Readonly<Record<Exclude<keyof ServiceNames, 'autoscalingPolicyName' | 'targetGroupName'>, NameRule>> = {
  loadBalancerName: LOAD_BALANCER_NAME,
  loadBalancerSecurityGroupName: SECURITY_GROUP_NAME,
  securityGroupName: SECURITY_GROUP_NAME,
  family: FAMILY_NAME,
  containerName: CONTAINER_NAME,
  serviceName: SERVICE_NAME,
  taskRoleName: ROLE_NAME,
  executionRoleName: ROLE_NAME,
  logGroupName: LOG_GROUP_NAME,
};
const OF_LOAD_BALANCER: readonly (keyof ServiceNames)[] = [
  'loadBalancerName',
  'loadBalancerSecurityGroupName',
  'targetGroupName',
];

/** Checks every name that a service with this exposure will have, so that the error lists every wrong one. */
export function checkServiceNames(
  problems: Problems,
  names: ServiceNames,
  exposure: Exposure,
  blueGreen: boolean,
): void {
  for (const [key, rule] of Object.entries(RULES) as [keyof typeof RULES, NameRule][]) {
    if (exposure === 'none' && OF_LOAD_BALANCER.includes(key)) continue;
    checkName(problems, key, names[key], rule);
  }
  if (exposure !== 'none') {
    const twin = '-green'.length;
    checkName(
      problems,
      'targetGroupName',
      names.targetGroupName,
      blueGreen
        ? {
            ...TARGET_GROUP_NAME,
            what: 'target group name with a blue/green twin',
            maxLength: TARGET_GROUP_NAME.maxLength - twin,
          }
        : TARGET_GROUP_NAME,
    );
  }
  problems.check(
    !isResolved(names.taskRoleName) || names.taskRoleName !== names.executionRoleName,
    `taskRoleName: "${names.taskRoleName}" is also the execution role's name; give each role its own`,
  );
}
