// Who hands in work to the jobs layer of the same environment, as its configuration tells. Loads no construct.
import { servicesOf, taskRoleNameOf, type Services } from './services';

/** The services of an environment as the jobs layer needs them. */
export interface JobCallers {
  /** Names of the task roles that hand in work for people of the page. */
  readonly roleNames: readonly string[];
  /** Origins of pages that upload files, of services that have a domain name. */
  readonly pageOrigins: readonly string[];
}

/** Who hands in work: what the jobs layer derives its tenants and the bucket's CORS rule from. */
export function jobCallers(
  config: Services & { readonly namePrefix?: string; readonly jobsLayer?: string },
): JobCallers | undefined {
  if (config.jobsLayer === 'none') return undefined;
  return {
    roleNames: servicesOf(config)
      .filter(([, { submitsJobs }]) => submitsJobs)
      .map(([name, service]) => taskRoleNameOf(name, service, config.namePrefix)),
    pageOrigins: servicesOf(config).flatMap(([, { uploadsJobFiles, https }]) =>
      uploadsJobFiles && https?.domainName !== undefined ? [`https://${https.domainName}`] : [],
    ),
  };
}
