import { HttpApi, type HttpApiProps } from '@strata/apigatewayv2';
import { LambdaFunction } from '@strata/lambda';
import { synthResources } from '../../../support/synth-resources';

const withProps = (props: Partial<HttpApiProps> = {}) =>
  synthResources((scope) => {
    const jobs = new LambdaFunction(scope, 'jobs', { functionName: 'jobs', codeS3Bucket: 'b', codeS3Key: 'k' });
    new HttpApi(scope, 'api', {
      apiName: 'jobs',
      authorization: { type: 'iam' },
      functions: { jobs },
      routes: [
        { method: 'POST', path: '/jobs', functionName: 'jobs' },
        { method: 'GET', path: '/jobs/{id}', functionName: 'jobs' },
      ],
      ...props,
    });
  });

test('every route asks for signed requests, and goes to its function', () => {
  const resources = withProps();
  expect(resources.one('aws_apigatewayv2_api')).toEqual({ name: 'jobs', protocol_type: 'HTTP' });
  expect(resources.all('aws_apigatewayv2_route')).toEqual(
    ['GET /jobs/{id}', 'POST /jobs'].map((route_key) => ({
      api_id: expect.stringMatching(/aws_apigatewayv2_api/),
      authorization_type: 'AWS_IAM',
      route_key,
      target: expect.stringMatching(/^integrations\/\$\{aws_apigatewayv2_integration\./),
    })),
  );
  expect(resources.one('aws_apigatewayv2_integration')).toMatchObject({
    integration_type: 'AWS_PROXY',
    integration_uri: expect.stringMatching(/aws_lambda_function.*invoke_arn/),
    payload_format_version: '2.0',
    timeout_milliseconds: 30_000,
  });
  expect(resources.one('aws_lambda_permission')).toMatchObject({
    principal: 'apigateway.amazonaws.com',
    source_arn: expect.stringMatching(/execution_arn\}\/\*$/),
  });
});

test('limits requests, and logs each without its query', () => {
  const stage = withProps().one('aws_apigatewayv2_stage');
  expect(stage).toMatchObject({
    name: '$default',
    auto_deploy: true,
    default_route_settings: { throttling_rate_limit: 20, throttling_burst_limit: 50 },
  });
  const { format } = stage['access_log_settings'] as { format: string };
  expect(JSON.parse(format)).toMatchObject({ status: '$context.status' });
  expect(format).not.toMatch(/query|header/i);
  expect(withProps().all('aws_cloudwatch_log_group')).toContainEqual({
    name: '/aws/apigateway/jobs',
    retention_in_days: 30,
  });
});

test('tokens of an issuer', () => {
  const resources = withProps({
    authorization: { type: 'jwt', issuer: 'https://login.example.com/', audiences: ['shop'] },
  });
  expect(resources.one('aws_apigatewayv2_authorizer')).toMatchObject({
    authorizer_type: 'JWT',
    identity_sources: ['$request.header.Authorization'],
    jwt_configuration: { issuer: 'https://login.example.com/', audience: ['shop'] },
  });
  for (const route of resources.all('aws_apigatewayv2_route')) {
    expect(route).toMatchObject({
      authorization_type: 'JWT',
      authorizer_id: expect.stringMatching(/aws_apigatewayv2_authorizer/),
    });
  }
});

test('pages of other origins', () => {
  expect(
    withProps({ corsOrigins: ['https://shop.example.com'] }).one('aws_apigatewayv2_api').cors_configuration,
  ).toEqual({
    allow_origins: ['https://shop.example.com'],
    allow_methods: ['GET', 'POST'],
    allow_headers: ['authorization', 'content-type', 'idempotency-key'],
    expose_headers: ['retry-after'],
    max_age: 600,
  });
});

test.each<[string, Partial<HttpApiProps>, string]>([
  ['a name', { apiName: 'my jobs' }, 'apiName: "my jobs" is not a name of an API'],
  [
    'an issuer without TLS',
    { authorization: { type: 'jwt', issuer: 'http://login.example.com', audiences: ['a'] } },
    'authorization.issuer: "http://login.example.com" is not the address of an issuer',
  ],
  [
    'no audience',
    { authorization: { type: 'jwt', issuer: 'https://login.example.com', audiences: [] } },
    'authorization.audiences: a token is accepted for one of them, and there are none',
  ],
  ['no route', { routes: [] }, 'routes: there are 0; an HTTP API has 1 to 300'],
  [
    'a path',
    { routes: [{ method: 'GET', path: 'jobs', functionName: 'jobs' }] },
    'routes[0].path: "jobs" is not a path; write one such as "/jobs/{id}"',
  ],
  [
    'a function',
    { routes: [{ method: 'GET', path: '/', functionName: 'job' }] },
    'routes[0].functionName: "job" is none of functions; use one of jobs',
  ],
  [
    'a route twice',
    {
      routes: [
        { method: 'GET', path: '/jobs/{id}', functionName: 'jobs' },
        { method: 'GET', path: '/jobs/{name}', functionName: 'jobs' },
      ],
    },
    'routes[1]: "GET /jobs/{name}" is listed twice',
  ],
  [
    'an origin',
    { corsOrigins: ['https://shop.example.com/'] },
    'corsOrigins[0]: "https://shop.example.com/" is not an',
  ],
  ['a rate', { ratePerSecond: 0 }, 'ratePerSecond: 0 is out of range'],
  ['a timeout', { timeoutSeconds: 31 }, 'timeoutSeconds: 31 is out of range; use a whole number from 1 to 30 seconds'],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});
