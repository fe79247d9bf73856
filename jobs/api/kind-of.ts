import { ApiError } from './http/api-error';
import type { ApiSettings, KindSettings } from './settings';

/** @throws ApiError 400 that lists the kinds there are */
export function kindOf({ kinds }: ApiSettings, name: string): KindSettings {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind !== undefined) return kind;
  throw new ApiError(
    400,
    'unknown_kind',
    `"${name}" is not a kind of job; use one of ${Object.keys(kinds).join(', ')}`,
  );
}
