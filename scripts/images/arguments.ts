import { parseArgs } from 'node:util';
import { UserError } from '../../local/toolchain';

export const HELP = `Usage: npm run images -- <app> [options]

Builds an application's image with docker buildx and pushes it, as its pipeline would: for the first deploy, or without CodePipeline.
The Dockerfile, its arguments and the architecture are those of the pipeline in the ci-cd layer's configuration; the repository's address comes from AWS.

  --environment=<name>   environment of cdktf.json (its own choice, or STRATA_ENVIRONMENT)
  --tag=<tag>            tag of the image (the commit; a checkout with changes needs one)
  --repository=<name>    ECR repository (the pipeline's)
  --deploy               have the ECS service run the image, and write it down for Terraform; an image that is
                         in the repository already is not built again, if tags are immutable
  --no-push              build only
  --dry-run              say what would be run
  --help                 this text
`;

/** The command's arguments. */
export interface Arguments {
  readonly app: string;
  readonly environment?: string;
  readonly tag?: string;
  readonly repository?: string;
  readonly deploy: boolean;
  readonly push: boolean;
  readonly dryRun: boolean;
}

/** @returns undefined for `--help`. @throws UserError for unknown arguments. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: {
        environment: { type: 'string' },
        tag: { type: 'string' },
        repository: { type: 'string' },
        deploy: { type: 'boolean' },
        'no-push': { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${HELP}`);
  }
  const {
    values,
    positionals: [app, ...more],
  } = parsed;
  if (values.help === true) return undefined;
  if (app === undefined || more.length > 0) throw new UserError(`name one application, such as app-web\n\n${HELP}`);
  const { environment, tag, repository, deploy = false, 'no-push': noPush = false, 'dry-run': dryRun = false } = values;
  if (tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag))
    throw new UserError(`--tag: "${tag}" is not a tag; use 1 to 128 letters, digits and _ . -`);
  if (deploy && noPush)
    throw new UserError(
      '--deploy: an image that was not pushed cannot be deployed; leave one of --deploy and --no-push out',
    );
  return { app, environment, tag, repository, deploy, push: !noPush, dryRun };
}
