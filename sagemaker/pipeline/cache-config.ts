/** Whether a step's earlier result is taken when it is asked for with the same arguments. */
export interface CacheConfig {
  /** @default true */
  readonly enabled?: boolean;
  /** How old that result may be: an ISO 8601 duration, such as `P30D` or `PT12H`. @default no limit */
  readonly expireAfter?: string;
}

export function cacheDefinition(cache: CacheConfig): object {
  return {
    Enabled: cache.enabled ?? true,
    ...(cache.expireAfter === undefined ? {} : { ExpireAfter: cache.expireAfter }),
  };
}
