import { setTimeout as pause } from 'node:timers/promises';
import { cloudToken } from './cloud-token';
import { DEFAULT_HOSTNAME, type CloudBackendConfig } from '@strata/state/config';
import type { DeployedState, Inventory, InventoryOptions } from './deployed-state';
import { collectStates, describeError } from './state-outputs';

const PAGE_SIZE = 100;
const TIMEOUT_MILLISECONDS = 30_000;
const ATTEMPTS = 5;
const LONGEST_WAIT_SECONDS = 10;

/** The API's document format: https://developer.hashicorp.com/terraform/cloud-docs/api-docs */
interface Page {
  readonly data: readonly {
    readonly id: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly relationships?: { readonly 'current-state-version'?: { readonly data?: unknown } };
  }[];
  readonly meta?: { readonly pagination?: { readonly 'next-page'?: number | null } };
}

/** The states of an organization's workspaces. */
export async function readCloudStates(backend: CloudBackendConfig, options: InventoryOptions): Promise<Inventory> {
  const hostname = backend.hostname ?? DEFAULT_HOSTNAME;
  const { organization } = backend;
  try {
    const api = new CloudApi(hostname, options);
    const workspaces = await api.list(`organizations/${encodeURIComponent(organization)}/workspaces`);
    if (workspaces === undefined) throw new Error('does not exist, or this token may not read it');
    return await collectStates(workspaces, ({ id, attributes, relationships }) => ({
      name: String(attributes.name),
      location: `workspace ${organization}/${String(attributes.name)} on ${hostname}`,
      read: async () => {
        const current = relationships?.['current-state-version'];
        // Nothing was ever applied in it.
        if (current !== undefined && (current.data ?? null) === null) return undefined;
        const outputs = await api.list(`workspaces/${encodeURIComponent(id)}/current-state-version-outputs`);
        if (outputs === undefined && current !== undefined) throw new Error('this token may not read its outputs');
        return outputs === undefined ? undefined : valuesOf(outputs);
      },
    }));
  } catch (error) {
    return { states: [], problems: [`organization ${organization} on ${hostname}: ${describeError(error)}`] };
  }
}

function valuesOf(outputs: Page['data']): DeployedState['outputs'] {
  return Object.fromEntries(
    outputs.flatMap(({ attributes }) =>
      attributes.sensitive === true ? [] : [[String(attributes.name), attributes.value]],
    ),
  );
}

class CloudApi {
  private readonly base: string;
  private readonly token: string;

  constructor(hostname: string, { environment = process.env, insecureLocalhost = false }: InventoryOptions) {
    if (insecureLocalhost && !/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(hostname))
      throw new Error('HTTP is allowed only for a host on this machine');
    const token = cloudToken(hostname, environment);
    if (token === undefined) {
      const variable = `TF_TOKEN_${hostname.replaceAll('-', '__').replaceAll('.', '_')}`;
      throw new Error(`no token; run "terraform login ${hostname}" or set ${variable}`);
    }
    this.token = token;
    this.base = `${insecureLocalhost ? 'http' : 'https'}://${hostname}/api/v2`;
  }

  /** All items of a paginated list; `undefined` on 404, which the API also returns for what the token may not see. */
  async list(path: string): Promise<Page['data'] | undefined> {
    const data: Page['data'][number][] = [];
    for (let page: number | null = 1; page !== null;) {
      const answer: Page | undefined = await this.get(`${path}?page%5Bnumber%5D=${page}&page%5Bsize%5D=${PAGE_SIZE}`);
      if (answer === undefined) return undefined;
      data.push(...answer.data);
      page = answer.meta?.pagination?.['next-page'] ?? null;
    }
    return data;
  }

  private async get(path: string): Promise<Page | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${this.base}/${path}`, {
        headers: { authorization: `Bearer ${this.token}`, accept: 'application/vnd.api+json' },
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      if (response.ok) return (await response.json()) as Page;
      await response.body?.cancel();
      if (response.status === 404) return undefined;
      if (response.status === 401) throw new Error('the token is not valid');
      // 429: too many requests. 503: the outputs of a new state version are not processed yet.
      if (![429, 503].includes(response.status) || attempt === ATTEMPTS)
        throw new Error(`answered ${response.status} ${response.statusText}`.trim());
      await pause(waitSeconds(response.headers.get('retry-after'), attempt) * 1000);
    }
  }
}

function waitSeconds(retryAfter: string | null, attempt: number): number {
  const asked = retryAfter === null ? Number.NaN : Number(retryAfter);
  return Math.min(Number.isFinite(asked) ? asked : 2 ** (attempt - 2), LONGEST_WAIT_SECONDS);
}
