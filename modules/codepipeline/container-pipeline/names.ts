import type { NameRule } from '@strata/core';

/** `CreatePipeline` in the AWS CodePipeline API reference. */
export const PIPELINE_NAME: NameRule = {
  what: 'pipeline name',
  maxLength: 100,
  pattern: /^[A-Za-z0-9.@_-]+$/,
  allowed: 'letters, digits and . @ _ -',
};

/** Names a deployment: it becomes part of stages, projects and roles. */
export const DEPLOYMENT_NAME: NameRule = {
  what: 'deployment name',
  maxLength: 32,
  pattern: /^[a-z0-9][a-z0-9-]*$/,
  allowed: 'lower-case letters, digits and hyphens',
};

/** `CreateApplication` in the AWS CodeDeploy API reference. */
export const APPLICATION_NAME: NameRule = {
  what: 'CodeDeploy application name',
  maxLength: 100,
  pattern: /^[A-Za-z0-9._+=,@-]+$/,
  allowed: 'letters, digits and . _ + = , @ -',
};
