import { bearerAuthorization, iamAuthorization, type Authorization, type Credentials } from '../authorization';
import { JobsClient } from '../jobs-client';
import { UsageError } from './usage-error';

export interface ConnectOptions {
  /** @default STRATA_JOBS_URL */
  readonly url?: string;
  /** @default STRATA_JOBS_AUTH, else by what is there */
  readonly auth?: string;
}

const AUTHS = ['iam', 'token', 'none'] as const;
type Auth = (typeof AUTHS)[number];

/** A client by options and environment. @throws UsageError */
export async function connect(options: ConnectOptions, environment: NodeJS.ProcessEnv): Promise<JobsClient> {
  const url = options.url ?? environment.STRATA_JOBS_URL;
  if (url === undefined || !URL.canParse(url))
    throw new UsageError(
      `${url === undefined ? 'no address of the API is given' : `"${url}" is not an address`}; set STRATA_JOBS_URL, or ` +
        '--url, to the output api_url of the jobs layer (npx cdktf output jobs), or to what "npm run jobs" prints',
    );
  return new JobsClient({ url, authorization: await authorizationOf(new URL(url), options, environment) });
}

async function authorizationOf(
  url: URL,
  { auth }: ConnectOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Authorization | undefined> {
  const token = environment.STRATA_JOBS_TOKEN;
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const chosen = auth ?? environment.STRATA_JOBS_AUTH ?? (token ? 'token' : isLocal ? 'none' : 'iam');
  if (!isAuth(chosen)) throw new UsageError(`--auth "${chosen}" is not known; use one of ${AUTHS.join(', ')}`);
  if (chosen === 'none') return undefined;
  if (chosen === 'token') {
    if (!token) throw new UsageError('there is no token; set STRATA_JOBS_TOKEN to one of the issuer of the layer');
    return bearerAuthorization(token);
  }
  const region = /\.execute-api\.([a-z0-9-]+)\./.exec(url.hostname)?.[1] ?? environment.AWS_REGION;
  if (region === undefined)
    throw new UsageError(`the region of ${url.hostname} is not known; set AWS_REGION, such as ap-northeast-2`);
  return iamAuthorization(await credentials(), region);
}

function isAuth(text: string): text is Auth {
  return (AUTHS as readonly string[]).includes(text);
}

async function credentials(): Promise<() => Promise<Credentials>> {
  try {
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    return fromNodeProviderChain();
  } catch {
    throw new UsageError(
      'signing with IAM needs @aws-sdk/credential-providers; run npm install @aws-sdk/credential-providers, or set ' +
        'STRATA_JOBS_AUTH to token',
    );
  }
}
