/** The SSM Parameter Store path of an environment's images, with one parameter per service. */
export function imageParameterPath(project: string, environment: string): string {
  return `/${project}/${environment}/images`;
}

/**
 * Name of the parameter that holds the full image URI of a service, with its tag or digest. A pipeline writes it after
 * a successful deployment.
 */
export function imageParameterName(project: string, environment: string, service: string): string {
  return `${imageParameterPath(project, environment)}/${service}`;
}
