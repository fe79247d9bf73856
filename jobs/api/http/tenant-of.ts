import type { ApiSettings } from '../settings';
import { ApiError } from './api-error';
import type { HttpEvent } from './event';

/** Where nobody is asked who they are, all share one tenant, as people of a page do. */
const SHARED_TENANT = 'web';

/** `arn:aws:sts::1:assumed-role/Name/session`: what IAM says of a caller whose role is `arn:aws:iam::1:role/.../Name`. */
const ASSUMED_ROLE = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//;

/**
 * The tenant of a request: by what the authorizer proved, never by what the request says.
 *
 * @throws ApiError 403 when the caller belongs to no tenant
 */
export function tenantOf(event: HttpEvent, tenant: ApiSettings['tenant']): string {
  const authorizer = event.requestContext.authorizer;
  switch (tenant.from) {
    case 'none':
      return SHARED_TENANT;
    case 'jwt': {
      const value = authorizer?.jwt?.claims[tenant.claim];
      if (typeof value === 'string' && value !== '') return value;
      throw new ApiError(403, 'no_tenant', `the token has no claim "${tenant.claim}"`);
    }
    case 'iam': {
      const arn = authorizer?.iam?.userArn ?? '';
      const [, partition, account, name] = ASSUMED_ROLE.exec(arn) ?? [];
      const webCallers = tenant.webCallers.map((role): [string, string] => [role, SHARED_TENANT]);
      const found = [...Object.entries(tenant.roles), ...webCallers].find(
        ([role]) => role.startsWith(`arn:${partition}:iam::${account}:role/`) && role.split('/').at(-1) === name,
      );
      if (name !== undefined && found !== undefined) return found[1];
      throw new ApiError(403, 'no_tenant', `"${arn}" belongs to no tenant; add its role to api.tenants`);
    }
  }
}
