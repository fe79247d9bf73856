import type { ServiceConfig } from './service-config';

/** The services of a configuration, by name. */
export interface Services {
  readonly services: Readonly<Record<string, ServiceConfig | false>>;
}

/** The services that are there: not those set to false. */
export function servicesOf(config: Services): [string, ServiceConfig][] {
  return Object.entries(config.services).filter((entry): entry is [string, ServiceConfig] => entry[1] !== false);
}

/** Service -> the services it calls. */
export function callsOf(config: Services): ReadonlyMap<string, readonly string[]> {
  const calls = new Map<string, string[]>();
  for (const [name, { callers }] of servicesOf(config)) {
    for (const caller of callers) calls.set(caller, [...(calls.get(caller) ?? []), name]);
  }
  return calls;
}

/** The environment variable in which a caller finds a service's address: `app-was` is `APP_WAS_URL`. */
export function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}

/** The environment variable in which a service finds the name of the model's endpoint. */
export const ENDPOINT_NAME_VARIABLE = 'SAGEMAKER_ENDPOINT_NAME';

/** The environment variables in which a service finds where to hand in work, and where its pages upload to. */
export const JOBS_VARIABLES = {
  submitsJobs: [
    'JOBS_API_URL',
    'JOBS_REGION',
    'JOBS_SUBMIT_FUNCTION_ARN',
    'JOBS_STATUS_FUNCTION_ARN',
    'JOBS_CALLER_ROLE_ARN',
  ],
  uploadsJobFiles: ['JOBS_UPLOAD_ORIGIN'],
} as const;

/** Name of the role that a service's tasks have. */
export function taskRoleNameOf(name: string, { taskRoleName }: ServiceConfig, namePrefix: string | undefined): string {
  return [namePrefix, taskRoleName ?? `${name}-task-role`].filter((part) => part !== undefined).join('-');
}

/** Whether a service of the layer reads the jobs layer. */
export function usesJobs(config: Services): boolean {
  return servicesOf(config).some(([, { submitsJobs, uploadsJobFiles }]) => submitsJobs || uploadsJobFiles);
}
