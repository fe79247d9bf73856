// The schema of the settings that all layers of an environment share. Loads no construct.
import { AWS_REGION } from '@strata/core/rules';
import { stateBackendConfig } from '@strata/state/config';
import * as z from 'zod';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'use 1 to 32 lower-case letters, digits and hyphens, starting with a letter');
/** What every physical name of an environment starts with, before a hyphen. */
export const namePrefix = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,11}$/, 'use 1 to 12 lower-case letters, digits and hyphens, starting with a letter');
export const accountId = z.string().regex(/^\d{12}$/, 'use an AWS account id of 12 digits, as a string');

/** Tags that every layer sets itself. */
const LAYER_TAGS = ['project', 'environment', 'layer', 'version', 'owner'];
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
const tagKey = z
  .string()
  .min(1)
  .max(128)
  .refine((key) => !/^aws:/i.test(key), 'use a key that does not start with "aws:", which AWS reserves')
  .refine(
    (key) => !LAYER_TAGS.includes(key.toLowerCase()),
    `use another key than ${LAYER_TAGS.join(', ')}, which every layer sets itself; IAM tells no case apart`,
  );

/** Where to read a neighbour's contract, if not in the same project, environment and backend. */
export const neighbourConfig = z.strictObject({
  project: name.optional(),
  environment: name.optional(),
  stack: name.optional().describe("Id of its stack. Default: the layer's id"),
  state: stateBackendConfig.optional(),
});
export type NeighbourConfig = z.input<typeof neighbourConfig>;

/** Settings that all layers of an environment share. */
export const environmentConfig = z.strictObject({
  region: z
    .string()
    .regex(AWS_REGION, 'use an AWS region such as ap-northeast-2')
    .default('ap-northeast-2')
    .describe('AWS region of every layer'),
  namePrefix: namePrefix
    .optional()
    .describe(
      'What every physical name of the environment starts with, before a hyphen, so that several live in one account. ' +
        'Default: nothing. Changing it replaces what has the name',
    ),
  state: stateBackendConfig.prefault({ type: 'local' }).describe('Where Terraform state lives'),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe(
      'Whether what holds data or is an address that others know is protected: a plan that would destroy or replace ' +
        'it fails',
    ),
  maxSecurityGroupRules: z
    .number()
    .int()
    .min(60)
    .max(1000)
    .optional()
    .describe(
      'Rules a security group may have, each direction, IPv4 and IPv6 counted apart: set it when the quota of the ' +
        'account was raised. Default: 60',
    ),
  allowedAccountIds: z
    .array(accountId)
    .min(1)
    .optional()
    .describe('AWS accounts this environment may be deployed to. Default: the account of the credentials'),
  owners: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe("Layer -> team, for the tag owner. Default: the owner in the layer's contract"),
  tags: z
    .record(tagKey, z.string().max(256))
    .default({})
    .describe('Tags on everything, besides project, environment, layer, version and owner'),
  neighbours: z
    .record(z.string(), neighbourConfig)
    .default({})
    .describe('Layer -> where its contract is read from, if elsewhere'),
});
export type EnvironmentConfig = z.output<typeof environmentConfig>;

export { name as projectName };
