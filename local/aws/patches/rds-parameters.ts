import type { Patch, Reply } from './patch';

interface Parameter {
  readonly value: string;
  readonly method: string;
}

/** Parameters that a group of a database sets. */
export const rdsParameters: Patch = {
  service: 'rds',
  operations: ['ModifyDBParameterGroup', 'ResetDBParameterGroup', 'DescribeDBParameters', 'DeleteDBParameterGroup'],
  missing: 'loses parameters that it does not know, such as rds.force_ssl, and cannot reset any',
  why: 'every second plan of an aws_db_parameter_group would set them again',
  how: 'remembers what was set, and answers with that alone',
  seenIn: '5.2.1',
  matches: ({ service, operation }) => service === 'rds' && rdsParameters.operations.includes(operation),
  open: () => {
    const groups = new Map<string, Map<string, Parameter>>();
    return async (request, forward) => {
      const asked = new URLSearchParams((await request.body()).toString('utf8'));
      const key = `${request.region}/${asked.get('DBParameterGroupName')}`;
      const group = groups.get(key) ?? new Map<string, Parameter>();
      if (request.operation === 'DescribeDBParameters')
        return groups.has(key) && (asked.get('Source') ?? 'user') === 'user' ? described(group) : await forward();
      const reply = request.operation === 'ResetDBParameterGroup' ? reset(asked) : await forward();
      if (reply.status !== 200) return reply;
      if (request.operation === 'DeleteDBParameterGroup' || asked.get('ResetAllParameters') === 'true')
        groups.delete(key);
      else {
        for (const [name, parameter] of parametersOf(asked))
          if (request.operation === 'ModifyDBParameterGroup') group.set(name, parameter);
          else group.delete(name);
        groups.set(key, group);
      }
      return reply;
    };
  },
};

function parametersOf(asked: URLSearchParams): [string, Parameter][] {
  const found: [string, Parameter][] = [];
  for (let index = 1; ; index += 1) {
    const of = (field: string) =>
      asked.get(`Parameters.Parameter.${index}.${field}`) ?? asked.get(`Parameters.member.${index}.${field}`);
    const name = of('ParameterName');
    if (name === null) return found;
    found.push([name, { value: of('ParameterValue') ?? '', method: of('ApplyMethod') ?? 'immediate' }]);
  }
}

function described(group: ReadonlyMap<string, Parameter>): Reply {
  const parameters = [...group].map(
    ([name, { value, method }]) =>
      `<Parameter><ParameterName>${escaped(name)}</ParameterName><ParameterValue>${escaped(value)}</ParameterValue>` +
      `<ApplyMethod>${escaped(method)}</ApplyMethod><Source>user</Source><IsModifiable>true</IsModifiable></Parameter>`,
  );
  return replyOf('DescribeDBParameters', `<Parameters>${parameters.join('')}</Parameters>`);
}

/** moto does not know the operation. */
function reset(asked: URLSearchParams): Reply {
  const name = escaped(asked.get('DBParameterGroupName') ?? '');
  return replyOf('ResetDBParameterGroup', `<DBParameterGroupName>${name}</DBParameterGroupName>`);
}

function replyOf(operation: string, result: string): Reply {
  const body =
    `<${operation}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/">` +
    `<${operation}Result>${result}</${operation}Result>` +
    '<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>' +
    `</${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
