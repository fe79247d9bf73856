// The schema of the Studio domain. Loads no construct.
import * as z from 'zod';

const profileName = z
  .string()
  .regex(/^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$/, 'use 1 to 63 letters, digits and hyphens between them');

/** The Studio domain and who works in it. */
export const studioConfig = z.strictObject({
  domainName: z
    .string()
    .regex(/^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$/, 'use 1 to 63 letters, digits and hyphens between them')
    .default('app-sagemaker-studio'),
  userProfiles: z
    .array(z.union([profileName, z.strictObject({ name: profileName, ssoUserName: z.string().min(1).optional() })]))
    .default(['ml-engineer'])
    .describe('A profile is a person, or people who share a home; ssoUserName with authMode SSO only'),
  authMode: z.enum(['IAM', 'SSO']).default('IAM').describe('SSO: IAM Identity Center'),
  networkAccess: z
    .enum(['VpcOnly', 'PublicInternetOnly'])
    .default('VpcOnly')
    .describe('VpcOnly: through the private subnets'),
  egressCidrBlocks: z
    .array(z.string())
    .optional()
    .describe('Where Studio may connect to over TLS. Default: everywhere'),
  idleTimeoutMinutes: z
    .union([z.literal(false), z.number().int().min(60).max(525_600)])
    .default(60)
    .describe('Minutes without use after which an application is stopped; false lets it run, and cost'),
  spaceVolumeGiB: z.number().int().min(5).max(16384).default(5),
  maxSpaceVolumeGiB: z.number().int().min(5).max(16384).default(100),
  dockerAccess: z.boolean().default(false),
  retainHomeFileSystem: z
    .boolean()
    .optional()
    .describe("Whether everybody's home outlives the domain. Default: deletionProtection of the environment"),
});

export type StudioConfig = z.output<typeof studioConfig>;
