/** Where the images of an environment live: a folder of SSM Parameter Store with one parameter a service. */
export function imageParameterPath(project: string, environment: string): string {
  return `/${project}/${environment}/images`;
}

/**
 * Name of the parameter that holds the full image URI of a service, with its tag or digest. A pipeline writes it after
 * a deploy succeeded.
 */
export function imageParameterName(project: string, environment: string, service: string): string {
  return `${imageParameterPath(project, environment)}/${service}`;
}
