import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** Headers that authorize a request. */
export type Authorization = (request: {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}) => Promise<Readonly<Record<string, string>>>;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** For an API with `auth: jwt`. @param token the token, or what fetches one; asked before each request */
export function bearerAuthorization(token: string | (() => string | Promise<string>)): Authorization {
  return async () => ({ authorization: `Bearer ${typeof token === 'string' ? token : await token()}` });
}

/**
 * For an API with `auth: iam`: signs with Signature Version 4.
 * @param credentials of a principal that has the layer's submitter policy; such as `fromNodeProviderChain()` of
 *   `@aws-sdk/credential-providers`
 * @param region of the API
 * @param service that is called; `lambda` where a function behind the API is invoked. @default execute-api
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
export function iamAuthorization(
  credentials: Credentials | (() => Promise<Credentials>),
  region: string,
  service: 'execute-api' | 'lambda' = 'execute-api',
): Authorization {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  return async ({ method, url, headers, body }) => {
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      body,
    });
    // `fetch` sets the host itself, to the same.
    const { host: _, ...rest } = signed.headers;
    return rest;
  };
}

/** SHA-256, or an HMAC by it, as the signer asks for it. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
