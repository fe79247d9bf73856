import type { AwsRequest } from '../../aws-request';
import { findRestOperation, type RestMatch } from './find-rest-operation';
import { readQuery } from './query-fields';
import { readScalar, readXml } from './read-xml';
import type { Operation, ServiceModel, Shape } from './service-model';
import type { ServiceModels } from './service-models';
import { parseXml } from './xml';

/** How a request was written, and so how it is answered. */
export type Protocol = 'json' | 'query' | 'ec2' | 'rest-json' | 'rest-xml';

export type Input = Readonly<Record<string, unknown>>;

/** A request as its service reads it. */
export interface AwsCall {
  readonly request: AwsRequest;
  /** Service name of the signature: `elasticloadbalancing`. */
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
  readonly model: ServiceModel;
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly input: Input;
}

/**
 * Reads what a request asks for. A body that is an object of S3, or any other blob, is left unread.
 *
 * @returns undefined for a request that no model knows, or that is not written as its protocol has it
 */
export async function readCall(models: ServiceModels, request: AwsRequest): Promise<AwsCall | undefined> {
  const url = new URL(request.url, 'http://aws');
  const scope = credentialScope(request, url) ?? unsigned(request);
  if (scope === undefined) return undefined;
  for (const model of models.ofSigningName(scope.service)) {
    const protocol = protocolOf(model, request);
    if (protocol === undefined) continue;
    const rest = protocol.startsWith('rest-')
      ? findRestOperation(model, request.method, url, request.headers)
      : undefined;
    const operation = rest?.operation ?? model.operations[request.operation];
    if (operation === undefined || (protocol.startsWith('rest-') && rest === undefined)) continue;
    const input = await readInput(model, protocol, operation, request, url, rest);
    return input && { request, ...scope, model, protocol, operation, input };
  }
  return undefined;
}

/** The operation that a token is for, and no signature. */
export const WEB_IDENTITY = 'AssumeRoleWithWebIdentity';

function unsigned({ operation }: AwsRequest): Pick<AwsCall, 'accessKey' | 'region' | 'service'> | undefined {
  return operation === WEB_IDENTITY ? { accessKey: '', region: 'us-east-1', service: 'sts' } : undefined;
}

const CREDENTIAL = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Who signed, for which service: in the header, or in a presigned address. */
export function credentialScope(
  request: AwsRequest,
  url = new URL(request.url, 'http://aws'),
): Pick<AwsCall, 'accessKey' | 'region' | 'service'> | undefined {
  const inHeader = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? '')?.[1];
  const found = CREDENTIAL.exec(inHeader ?? url.searchParams.get('X-Amz-Credential') ?? '');
  return found === null ? undefined : { accessKey: found[1]!, region: found[2]!, service: found[3]! };
}

function protocolOf(model: ServiceModel, request: AwsRequest): Protocol | undefined {
  const { protocol } = model.metadata;
  if (protocol === 'rest-json' || protocol === 'rest-xml') return protocol;
  if (request.headers['x-amz-target'] !== undefined) return 'json';
  // A service that speaks JSON today still understands forms; CBOR is passed on.
  if (String(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    return protocol === 'ec2' ? 'ec2' : 'query';
  return undefined;
}

async function readInput(
  model: ServiceModel,
  protocol: Protocol,
  operation: Operation,
  request: AwsRequest,
  url: URL,
  rest: RestMatch | undefined,
): Promise<Input | undefined> {
  const shapeName = operation.input?.shape;
  if (shapeName === undefined) return {};
  try {
    if (protocol === 'query' || protocol === 'ec2')
      return readQuery(model, shapeName, new Map(new URLSearchParams((await request.body()).toString('utf8'))));
    if (protocol === 'json') return asObject(JSON.parse((await request.body()).toString('utf8') || '{}'));
    return {
      ...(await readBody(model, protocol, shapeName, request)),
      ...readLocations(model, model.shapes[shapeName]!, request, url, rest?.labels ?? {}),
    };
  } catch {
    return undefined;
  }
}

/** Members that stand in the path, the query and the headers. */
function readLocations(
  model: ServiceModel,
  shape: Shape,
  { headers }: AwsRequest,
  url: URL,
  labels: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const wire = member.locationName ?? name;
    const inner = model.shapes[member.shape];
    const scalar = (text: unknown): unknown => readScalar(inner?.type ?? 'string', String(text));
    if (member.location === 'uri' && labels[wire] !== undefined) value[name] = scalar(labels[wire]);
    else if (member.location === 'header' && headers[wire.toLowerCase()] !== undefined)
      value[name] = inner?.type === 'list' ? undefined : scalar(headers[wire.toLowerCase()]);
    else if (member.location === 'querystring' && url.searchParams.has(wire))
      value[name] = inner?.type === 'list' ? url.searchParams.getAll(wire) : scalar(url.searchParams.get(wire));
  }
  return value;
}

async function readBody(
  model: ServiceModel,
  protocol: Protocol,
  shapeName: string,
  request: AwsRequest,
): Promise<Input> {
  const shape = model.shapes[shapeName]!;
  const payload = shape.payload === undefined ? undefined : shape.members?.[shape.payload];
  const kind = payload === undefined ? 'structure' : model.shapes[payload.shape]?.type;
  if (kind === 'string') return { [shape.payload!]: (await request.body()).toString('utf8') };
  if (kind !== 'structure') return {};
  const inBody = Object.values(shape.members ?? {}).some(({ location }) => location === undefined);
  if (!inBody) return {};
  const text = (await request.body()).toString('utf8').trim();
  if (text === '') return {};
  const target = payload?.shape ?? shapeName;
  const root = protocol === 'rest-xml' ? parseXml(text) : undefined;
  if (protocol === 'rest-xml' && root === undefined) return {};
  const value = root === undefined ? fromJson(model, target, asObject(JSON.parse(text))) : readXml(model, target, root);
  return payload === undefined ? (value as Input) : { [shape.payload!]: value };
}

/** A body's members by the names of the model: REST-JSON may write them otherwise. */
function fromJson(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = model.shapes[shapeName];
  if (shape?.type === 'list' && Array.isArray(value))
    return value.map((item: unknown) => fromJson(model, shape.member!.shape, item));
  if (shape?.type === 'map' && typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fromJson(model, shape.value!.shape, item)]),
    );
  if (shape?.type !== 'structure' || typeof value !== 'object' || value === null) return value;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(shape.members ?? {}).flatMap(([name, member]) => {
      const held = given[member.locationName ?? name];
      return member.location !== undefined || held === undefined ? [] : [[name, fromJson(model, member.shape, held)]];
    }),
  );
}

function asObject(value: unknown): Input {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return value as Input;
}
