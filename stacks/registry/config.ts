// The configuration of the registry layer. Loads no construct.
import { kmsKeyArn } from '@strata/core/config';
import { accountId, namePrefix } from '@strata/layer/config';
import * as z from 'zod';

const repositoryName = z
  .string()
  .max(256)
  .regex(
    /^(?=..)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
    'use 2 to 256 lower-case letters and digits, with single . _ - / between them',
  );
const tagPattern = z
  .string()
  .regex(/^[A-Za-z0-9_.*-]{1,128}$/, 'use 1 to 128 letters, digits and _ . - *')
  .refine((pattern) => pattern.split('*').length <= 5, 'use at most four *');

/** Options of a repository that is made; an imported one has them already. */
const newRepository = {
  scanOnPush: z.boolean().optional().describe('Scan every image for vulnerabilities when it is pushed. Default: true'),
  imageTagMutability: z
    .enum(['IMMUTABLE', 'MUTABLE'])
    .optional()
    .describe('Whether a tag may be pushed again. Default: IMMUTABLE'),
  kmsKeyArn: kmsKeyArn
    .optional()
    .describe('KMS key that encrypts the images; a change replaces the repository. Default: AES-256, free'),
  expireImages: z.boolean().optional().describe('Whether old images expire. Default: true'),
  untaggedExpirationDays: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe('Days after which an image without a tag expires. Default: 7'),
  maxTaggedImages: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('How many tagged images are kept, the newest by push, in use or not. Default: 30'),
  protectedTagPatterns: z
    .array(tagPattern)
    .optional()
    .describe('Images with a tag like one of these never expire; * is any text. Default: none'),
  pullAccountIds: z.array(accountId).optional().describe('Other AWS accounts that may pull. Default: none'),
};

const repository = z
  .strictObject({
    repositoryName: repositoryName
      .optional()
      .describe('Name in ECR; a change replaces the repository. Default: what it is called here'),
    existing: z
      .boolean()
      .default(false)
      .describe('Use an existing repository of that name, managed elsewhere, instead of creating it'),
    registryId: accountId.optional().describe('Account of an existing repository. Default: this account'),
    ...newRepository,
  })
  .superRefine((options, context) => {
    const misplaced = options.existing
      ? keysOf(newRepository)
          .filter((key) => options[key] !== undefined)
          .map((key) => [key, 'leave it out where existing is true, the repository has its own'] as const)
      : options.registryId === undefined
        ? []
        : [['registryId', 'it goes with existing: a repository is made in this account only'] as const];
    const idle =
      options.expireImages === false
        ? (['untaggedExpirationDays', 'maxTaggedImages', 'protectedTagPatterns'] as const)
            .filter((key) => options[key] !== undefined)
            .map((key) => [key, 'leave it out where expireImages is false'] as const)
        : [];
    for (const [key, message] of [...misplaced, ...idle])
      context.addIssue({ code: 'custom', path: [key], message, input: options[key] });
  });

const entry = z.union([z.literal(false), repository]);

/** app-web, app-was and model-endpoint, the model's inference container, are there unless set to false. */
const repositories = z
  .object({ 'app-web': entry.prefault({}), 'app-was': entry.prefault({}), 'model-endpoint': entry.prefault({}) })
  .catchall(entry);

/** The configuration of the registry layer. */
export const registryConfig = z
  .strictObject({
    namePrefix: namePrefix.optional().describe('Start of every physical name; in cdktf.json a key of the environment'),
    repositories: repositories.prefault({}).describe('Repository -> its options; false leaves it out'),
    scanning: z
      .strictObject({
        scanType: z
          .enum(['BASIC', 'ENHANCED'])
          .default('ENHANCED')
          .describe('ENHANCED is Amazon Inspector, billed per image'),
        scanFrequency: z
          .enum(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'])
          .default('SCAN_ON_PUSH')
          .describe('CONTINUOUS_SCAN needs ENHANCED'),
      })
      .refine(
        ({ scanType, scanFrequency }) => scanType === 'ENHANCED' || scanFrequency === 'SCAN_ON_PUSH',
        'use SCAN_ON_PUSH with BASIC',
      )
      .optional()
      .describe(
        'How the whole registry of account and region is scanned; set it in one environment of an account. ' +
          "Default: each repository's own setting",
      ),
    pullThroughCaches: z
      .record(
        repositoryName.max(30),
        z.strictObject({
          upstreamRegistryUrl: z.string().default('public.ecr.aws').describe('Host name of the upstream registry'),
          credentialArn: z
            .string()
            .startsWith('arn:', 'use the ARN of a secret')
            .optional()
            .describe("Secret with the upstream's credentials. Default: none"),
        }),
      )
      .default({})
      .describe('Repository prefix -> registry whose images are kept here; set it in one environment of an account'),
  })
  .superRefine((config, context) => {
    const names = new Map<string, string>();
    for (const [key, options] of Object.entries(config.repositories)) {
      const path = ['repositories', key];
      if (!repositoryName.safeParse(key).success) {
        context.addIssue({
          code: 'custom',
          path,
          message: 'use a name of 2 to 256 lower-case letters and digits, with single . _ - / between them',
          input: key,
        });
      }
      if (options === false) continue;
      const name = `${options.registryId ?? ''}/${options.repositoryName ?? key}`;
      const other = names.get(name);
      if (other !== undefined) {
        context.addIssue({
          code: 'custom',
          path: [...path, 'repositoryName'],
          message: `is also the name of "${other}"; give each its own name`,
          input: options.repositoryName ?? key,
        });
      }
      names.set(name, key);
    }
  });

export type RegistryConfig = z.output<typeof registryConfig>;
export type RegistryConfigInput = z.input<typeof registryConfig>;

/** A repository's name in ECR, by what the configuration calls it. One that exists already has its own name. */
export function repositoryNamesOf({ repositories: all, namePrefix: prefix }: RegistryConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, options]) => {
      if (options === false) return [];
      const { existing, repositoryName = key } = options;
      return [[key, existing || prefix === undefined ? repositoryName : `${prefix}-${repositoryName}`]];
    }),
  );
}

function keysOf<T extends object>(object: T): (keyof T)[] {
  return Object.keys(object) as (keyof T)[];
}
