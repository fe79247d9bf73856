// The schema of a source. Loads no construct.
import * as z from 'zod';

const patterns = z.array(z.string().min(1).max(255)).min(1).max(8);

const filters = {
  branch: z
    .string()
    .regex(/^[^\s*]+$/, 'use the name of one branch')
    .default('main')
    .describe('Branch of a manually started execution'),
  branchPatterns: patterns
    .optional()
    .describe('Branches whose pushes start the pipeline, * is any text. Default: branch'),
  tagPatterns: patterns.optional().describe('Tags whose pushes start it, instead of branches'),
  pathPatterns: patterns
    .optional()
    .describe('A push must change at least one matching path: * within a folder, ** any folders. Default: any path'),
};

const codeCommit = z.strictObject({
  provider: z.literal('CodeCommit'),
  repositoryName: z
    .string()
    .regex(/^(?!.*\.git$)[\w.-]{1,100}$/, 'use 1 to 100 letters, digits and . _ -, not ending with .git')
    .optional()
    .describe("Default: the pipeline's name in this configuration"),
  existing: z
    .boolean()
    .default(false)
    .describe('Use an existing repository of that name, managed elsewhere, instead of creating it'),
  ...filters,
});

const codeConnections = z.strictObject({
  provider: z.literal('CodeConnections'),
  connection: z.string().optional().describe('A connection of this configuration'),
  connectionArn: z
    .string()
    .regex(/^arn:[a-z-]+:(codeconnections|codestar-connections):/, 'use the ARN of a connection')
    .optional()
    .describe('ARN of a connection created elsewhere'),
  repositoryId: z.string().regex(/^[^/\s]+(\/[^/\s]+)+$/, 'use <owner>/<name>, such as "example/shop"'),
  ...filters,
});

/** Where a pipeline's source comes from. */
export const sourceConfig = z
  .discriminatedUnion('provider', [codeCommit, codeConnections])
  .superRefine((source, context) => {
    for (const key of ['branchPatterns', 'pathPatterns'] as const) {
      if (source.tagPatterns !== undefined && source[key] !== undefined) {
        context.addIssue({
          code: 'custom',
          path: [key],
          message:
            'it cannot be combined with tagPatterns, as a tag is on no branch and changes no file; leave ' +
            'one of the two out',
        });
      }
    }
    if (
      source.provider === 'CodeConnections' &&
      (source.connection === undefined) === (source.connectionArn === undefined)
    ) {
      context.addIssue({
        code: 'custom',
        path: ['connection'],
        message: 'set connection or connectionArn, not both',
      });
    }
  });

export type SourceConfig = z.output<typeof sourceConfig>;
