import type { ComputeConfig } from './config';
import type { ServiceConfig } from './service-config';

/** The services that are there: not those set to false. */
export function servicesOf(config: Pick<ComputeConfig, 'services'>): [string, ServiceConfig][] {
  return Object.entries(config.services).filter((entry): entry is [string, ServiceConfig] => entry[1] !== false);
}

/** The environment variable in which a caller finds a service's address: `app-was` is `APP_WAS_URL`. */
export function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}
