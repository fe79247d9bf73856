import type { NameRule } from '@strata/core';

const PATTERN = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;
const ALLOWED = 'letters, digits and hyphens, not starting or ending with a hyphen';

/**
 * Rule for a load balancer's name: `CreateLoadBalancer` in the Elastic Load Balancing API reference (version
 * 2015-12-01).
 */
export const LOAD_BALANCER_NAME: NameRule = {
  what: 'load balancer name',
  maxLength: 32,
  pattern: PATTERN,
  allowed: ALLOWED,
  reservedPrefixes: ['internal-'],
};

/**
 * Rule for a target group's name: `CreateTargetGroup` in the Elastic Load Balancing API reference (version 2015-12-01).
 */
export const TARGET_GROUP_NAME: NameRule = {
  what: 'target group name',
  maxLength: 32,
  pattern: PATTERN,
  allowed: ALLOWED,
};

/** Rule for a security group's name: `CreateSecurityGroup` in the EC2 API reference. */
export const SECURITY_GROUP_NAME: NameRule = {
  what: 'security group name',
  maxLength: 255,
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  allowed: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
  reservedPrefixes: ['sg-'],
};

/** A host name with at least one dot: RFC 1123, in lower case, as DNS and browsers compare it. */
export const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;

/** A name on a certificate, which may stand for all hosts of a domain. */
export const CERTIFICATE_NAME = new RegExp(`^(\\*\\.)?${HOST_NAME.source.slice(1)}`);

/** Rule for the name of a traffic source; it becomes a part of a construct id and of the rule's description. */
export const SOURCE_NAME: NameRule = {
  what: 'source name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};
