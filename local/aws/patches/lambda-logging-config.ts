import { type Patch, jsonReply, parseJson, type Reply } from './patch';

type Attributes = Record<string, unknown>;

const FUNCTION = /^\/\d{4}-\d{2}-\d{2}\/functions(?:\/([^/?]+))?(?:\/configuration)?\/?(?:\?.*)?$/;

/** Where the logs of Lambda functions go. */
export const lambdaLoggingConfig: Patch = {
  service: 'lambda',
  operations: [
    'CreateFunction',
    'GetFunction',
    'GetFunctionConfiguration',
    'UpdateFunctionConfiguration',
    'DeleteFunction',
  ],
  missing: 'forgets LoggingConfig',
  why: 'every second plan of an aws_lambda_function with a separate log group would change it',
  how: 'remembers what was set and adds it, with the defaults of AWS, to the replies',
  seenIn: '5.2.1',
  matches: ({ service, method, url }) =>
    service === 'lambda' && FUNCTION.test(url) && (method !== 'GET' || FUNCTION.exec(url)?.[1] !== undefined),
  open: () => {
    const given = new Map<string, Attributes>();
    return async (request, forward) => {
      const body = await request.body();
      const input = request.method === 'GET' || request.method === 'DELETE' ? {} : parseJson(body);
      const reply = await forward();
      if (reply.status >= 300) return reply;
      const name = nameOf(String(input.FunctionName ?? FUNCTION.exec(request.url)?.[1]));
      const key = `${request.region}/${name}`;
      if (request.method === 'DELETE') {
        given.delete(key);
        return reply;
      }
      if (input.LoggingConfig !== undefined && input.LoggingConfig !== null)
        given.set(key, { ...given.get(key), ...(input.LoggingConfig as Attributes) });
      return complete(reply, { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`, ...given.get(key) });
    };
  },
};

/** A function is asked for by its name or its ARN, with a version or without. */
function nameOf(asked: string): string {
  const [first = '', ...rest] = decodeURIComponent(asked).split(':');
  return rest.length === 0 || first !== 'arn' ? first : (rest[5] ?? '');
}

function complete(reply: Reply, LoggingConfig: Attributes): Reply {
  const output = parseJson(reply.body);
  const configuration = output.Configuration as Attributes | undefined;
  return jsonReply(
    reply.status,
    configuration === undefined
      ? { ...output, LoggingConfig }
      : { ...output, Configuration: { ...configuration, LoggingConfig } },
  );
}
