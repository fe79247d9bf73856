import { parseJson } from '../../patches/patch';
import { writeQuery } from './query-fields';
import { readXml } from './read-xml';
import type { ServiceModel } from './service-model';
import { parseXml, type XmlElement } from './xml';

/** A request without its signature. */
export interface WrittenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Writes a call as the service's own protocol has it; of REST only what asks and has no body. */
export function writeCall(
  model: ServiceModel,
  operationName: string,
  input: Readonly<Record<string, unknown>>,
): WrittenCall {
  const operation = model.operations[operationName];
  if (operation === undefined) throw new Error(`${model.name} has no operation '${operationName}'`);
  const { protocol, apiVersion, targetPrefix, jsonVersion = '1.0' } = model.metadata;
  if (protocol.startsWith('rest-')) {
    const path = operation.http.requestUri.replace(/\{(\w+)(\+?)\}/g, (_whole, name: string, greedy: string) => {
      const encoded = encodeURIComponent(String(input[name] ?? ''));
      return greedy === '+' ? encoded.replaceAll('%2F', '/') : encoded;
    });
    return { method: operation.http.method, path, headers: {}, body: undefined };
  }
  const shape = operation.input?.shape ?? '';
  if (protocol === 'query' || protocol === 'ec2') {
    const fields: [string, string][] = [
      ['Action', operationName],
      ['Version', apiVersion],
      ...writeQuery(model, shape, input),
    ];
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    return { method: 'POST', path: '/', headers, body: new URLSearchParams(fields).toString() };
  }
  const headers = {
    'content-type': `application/x-amz-json-${jsonVersion}`,
    'x-amz-target': `${targetPrefix}.${operationName}`,
  };
  return { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
}

/** What a reply says, by the names of the model. */
export function readReply(model: ServiceModel, operationName: string, body: Buffer): Record<string, unknown> {
  const output = model.operations[operationName]?.output;
  const { protocol } = model.metadata;
  const text = body.toString('utf8');
  if (!['query', 'ec2', 'rest-xml'].includes(protocol)) return parseJson(body);
  if (output === undefined) return {};
  const shape = model.shapes[output.shape];
  // A bucket's policy is the reply, as it is.
  const payload = shape?.payload;
  if (payload !== undefined && model.shapes[shape?.members?.[payload]?.shape ?? '']?.type === 'string')
    return { [payload]: text };
  const root = parseXml(text);
  if (payload !== undefined && root !== undefined)
    return { [payload]: readXml(model, shape!.members![payload]!.shape, root) };
  const wrapper = output.resultWrapper;
  const element: XmlElement | undefined =
    wrapper === undefined ? root : root?.children.find(({ name }) => name === wrapper);
  return element === undefined ? {} : (readXml(model, output.shape, element) as Record<string, unknown>);
}
