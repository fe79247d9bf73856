import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { freePort, type Moto, startMoto } from '../../local/aws/moto';
import type { Reading } from '../../local/aws/refusals/ask-aws';
import { refusals } from '../../local/aws/refusals';
import { botocoreData } from '../../local/aws/refusals/models/botocore-data';
import { ServiceModels } from '../../local/aws/refusals/models/service-models';
import { readReply, writeCall } from '../../local/aws/refusals/models/write-call';
import type { RefusalKind } from '../../local/aws/refusals/switch';
import { createShim } from '../../local/aws/shim';
import { findProgram } from '../../local/toolchain';

export const TEST_REGION = 'ap-northeast-2';
export const TEST_ACCOUNT = '123456789012';

const server = findProgram('moto_server');

/** With CI=true a missing tool is a failure. */
export const describeWithMoto = server === undefined && process.env.CI !== 'true' ? describe.skip : describe;

const SIGNING_NAMES: Readonly<Record<string, string>> = { cloudwatch: 'monitoring', elbv2: 'elasticloadbalancing' };

export interface RestRequest {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A moto behind a shim that refuses. */
export class RefusingEmulator {
  private constructor(
    readonly endpoint: string,
    private readonly models: ServiceModels,
    private readonly moto: Moto,
    private readonly shim: Server,
  ) {}

  /** @param kinds what refuses; `record` to keep what calls take */
  static async start(...kinds: (RefusalKind | 'record')[]): Promise<RefusingEmulator> {
    if (server === undefined) throw new Error('no moto_server on PATH');
    const moto = startMoto(server, await freePort());
    const folder = await botocoreData(server);
    if (folder === undefined) throw new Error('no botocore beside moto_server');
    const models = new ServiceModels(folder);
    const refusing = refusals(models, new Set(kinds.filter((kind) => kind !== 'record')), kinds.includes('record'));
    const shim = createShim({ motoPort: moto.port, ready: moto.ready, refusals: refusing });
    await new Promise<void>((resolve) => shim.listen(0, '127.0.0.1', resolve));
    await moto.ready;
    return new RefusingEmulator(`http://127.0.0.1:${(shim.address() as AddressInfo).port}`, models, moto, shim);
  }

  async stop(): Promise<void> {
    this.shim.closeAllConnections();
    await new Promise((resolve) => this.shim.close(resolve));
    this.moto.process.kill('SIGKILL');
  }

  /** Calls an operation as an SDK would. @throws Error with the status, the code and the message of a refusal */
  async call(service: string, operation: string, input: Reading = {}, accessKey = 'test'): Promise<Reading> {
    const model = this.models.named(service)!;
    const { method, path, headers, body } = writeCall(model, operation, input);
    const response = await fetch(`${this.endpoint}${path}`, {
      method,
      headers: { ...headers, ...signature(SIGNING_NAMES[service] ?? service, accessKey) },
      body,
    });
    const reply = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(failure(response.status, reply.toString()));
    return readReply(model, operation, reply);
  }

  /** A call of a REST service, written by hand. @throws Error as `call` does */
  async rest(service: string, path: string, request: RestRequest = {}, accessKey = 'test'): Promise<string> {
    const response = await fetch(`${this.endpoint}${path}`, {
      method: request.method ?? 'GET',
      headers: { ...request.headers, ...signature(service, accessKey) },
      body: request.body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(failure(response.status, text));
    return text;
  }
}

function signature(service: string, accessKey: string): Record<string, string> {
  const scope = `${accessKey}/20260101/${TEST_REGION}/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

/** `400 DependencyViolation: ...`, from any of the forms AWS writes errors in. */
function failure(status: number, text: string): string {
  const xml = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)<\/Message>/.exec(text);
  if (xml !== null)
    return `${status} ${xml[1]}: ${xml[2]}`.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
  try {
    const { __type: type = '', message = '', Message = '' } = JSON.parse(text) as Record<string, string>;
    return `${status} ${type.slice(type.lastIndexOf('#') + 1)}: ${message || Message}`;
  } catch {
    return `${status} ${text.slice(0, 300)}`;
  }
}
