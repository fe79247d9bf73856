// The schema of the Studio domain. Loads no construct.
import {
  DOMAIN_NAME,
  STUDIO_AUTH_MODES,
  STUDIO_DEFAULTS,
  STUDIO_IDLE_TIMEOUT_MINUTES,
  STUDIO_NETWORK_ACCESS,
  STUDIO_VOLUME_GIB,
  USER_PROFILE_NAME,
} from '@strata/sagemaker/rules';
import * as z from 'zod';
import { nameOf } from './name-schema';

const profileName = nameOf(USER_PROFILE_NAME);
const integer = ({ min, max }: { readonly min: number; readonly max: number }) => z.number().int().min(min).max(max);

/** The Studio domain and who works in it. */
export const studioConfig = z.strictObject({
  domainName: nameOf(DOMAIN_NAME).default('app-sagemaker-studio'),
  userProfiles: z
    .array(z.union([profileName, z.strictObject({ name: profileName, ssoUserName: z.string().min(1).optional() })]))
    .default(['ml-engineer'])
    .describe('A profile is a person, or people who share a home; ssoUserName with authMode SSO only'),
  authMode: z.enum(STUDIO_AUTH_MODES).default(STUDIO_DEFAULTS.authMode).describe('SSO: IAM Identity Center'),
  networkAccess: z
    .enum(STUDIO_NETWORK_ACCESS)
    .default(STUDIO_DEFAULTS.networkAccess)
    .describe('VpcOnly: through the private subnets'),
  securityGroupName: z
    .string()
    .min(1)
    .optional()
    .describe("Name of the security group made for Studio. Default: the domain's name"),
  securityGroupIds: z
    .array(z.string().regex(/^sg-/, 'use the id of a security group'))
    .max(4)
    .optional()
    .describe("Security groups of Studio's applications besides the one made here"),
  egressCidrBlocks: z
    .array(z.string())
    .optional()
    .describe('Where Studio may connect to over TLS. Default: everywhere'),
  idleTimeoutMinutes: z
    .union([z.literal(false), integer(STUDIO_IDLE_TIMEOUT_MINUTES)])
    .default(STUDIO_DEFAULTS.idleTimeoutMinutes)
    .describe('Minutes without use after which an application is stopped; false lets it run, and cost'),
  spaceVolumeGiB: integer(STUDIO_VOLUME_GIB).default(STUDIO_DEFAULTS.spaceVolumeGiB),
  maxSpaceVolumeGiB: integer(STUDIO_VOLUME_GIB).default(STUDIO_DEFAULTS.maxSpaceVolumeGiB),
  dockerAccess: z.boolean().default(STUDIO_DEFAULTS.dockerAccess),
  retainHomeFileSystem: z
    .boolean()
    .optional()
    .describe("Whether everybody's home outlives the domain. Default: deletionProtection of the environment"),
});

export type StudioConfig = z.output<typeof studioConfig>;
