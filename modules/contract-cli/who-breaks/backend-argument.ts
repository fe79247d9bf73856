import { stateBackendConfig, type StateBackend } from '@strata/state/config';

/**
 * The state backend that a command-line option `--state` names as JSON.
 * @throws Error if it is not JSON or not a backend
 */
export function backendOf(text: string): StateBackend {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(
      `--state ${text}: is not JSON; use a value such as ` +
        `'{"type":"s3","bucket":"shop-terraform-state","region":"ap-northeast-2"}'`,
    );
  }
  const parsed = stateBackendConfig.safeParse(value);
  if (!parsed.success)
    throw new Error(
      `--state ${text}: ` +
        `${parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter((part) => part !== '').join(': ')).join('; ')}`,
    );
  return parsed.data;
}
