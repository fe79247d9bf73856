import type { NameRule } from '@strata/core';

const ECS_PATTERN = /^[A-Za-z0-9_-]+$/;
const ECS_ALLOWED = 'letters, digits, hyphens and underscores';

/** `RegisterTaskDefinition` in the Amazon ECS API reference. */
export const FAMILY_NAME: NameRule = {
  what: 'task definition family',
  maxLength: 255,
  pattern: ECS_PATTERN,
  allowed: ECS_ALLOWED,
};

/** `ContainerDefinition` in the Amazon ECS API reference. */
export const CONTAINER_NAME: NameRule = {
  what: 'container name',
  maxLength: 255,
  pattern: ECS_PATTERN,
  allowed: ECS_ALLOWED,
};

/** `CreateService` in the Amazon ECS API reference. */
export const SERVICE_NAME: NameRule = {
  what: 'service name',
  maxLength: 255,
  pattern: ECS_PATTERN,
  allowed: ECS_ALLOWED,
};

/** `PortMapping` in the Amazon ECS API reference. */
export const PORT_NAME: NameRule = {
  what: 'port name',
  maxLength: 64,
  pattern: /^[a-z0-9_][a-z0-9_-]*$/,
  allowed: 'lower-case letters, digits, underscores and hyphens, not starting with a hyphen',
};

/** `CreateLogGroup` in the CloudWatch Logs API reference. */
export const LOG_GROUP_NAME: NameRule = {
  what: 'log group name',
  maxLength: 512,
  pattern: /^[.\-_/#A-Za-z0-9]+$/,
  allowed: 'letters, digits and ._-/#',
  reservedPrefixes: ['aws/'],
};

/** `CreateSecurityGroup` in the Amazon EC2 API reference. */
export const SECURITY_GROUP_NAME: NameRule = {
  what: 'security group name',
  maxLength: 255,
  pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  allowed: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
  reservedPrefixes: ['sg-'],
};

/** Names a peer of a security group: it becomes part of a construct id and of a rule's description. */
export const PEER_NAME: NameRule = {
  what: 'peer name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};
