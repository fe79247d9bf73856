import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { checkInteger, checkLogRetentionDays, checkName, isResolved, Problems } from '@strata/core';
import type { LambdaFunction } from '@strata/lambda';
import { Construct } from 'constructs';
import { ACCESS_LOG_FORMAT } from './access-log';
import { checkAuthorization, type ApiAuthorization } from './authorization';
import { API_NAME, FUNCTION_KEY } from './names';
import { checkRoutes, type ApiRoute } from './routes';

export type { ApiRoute } from './routes';

export interface HttpApiProps {
  /** At most 128 characters; also in the name of the log group. */
  readonly apiName: string;
  /** @default none */
  readonly description?: string;
  /** Who may call it; every route is the same. */
  readonly authorization: ApiAuthorization;
  /** Functions by a name of your own, which becomes part of ids and is unique in the API. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** Which function answers which request; at most 300. */
  readonly routes: readonly ApiRoute[];
  /** Origins whose pages may call the API from a browser, such as `https://shop.example.com`. @default none */
  readonly corsOrigins?: readonly string[];
  /** Request headers that such pages may send. @default authorization, content-type, idempotency-key */
  readonly corsHeaders?: readonly string[];
  /** Requests per second over all callers; beyond it callers get 429. 1 to 10000. @default 20 */
  readonly ratePerSecond?: number;
  /** Requests that may come at the same moment, 1 to 10000. @default 50 */
  readonly burst?: number;
  /** Seconds that a function may take to answer, 1 to 30. @default 30 */
  readonly timeoutSeconds?: number;
  /** @default `/aws/apigateway/<apiName>` */
  readonly logGroupName?: string;
  /** One of `LOG_RETENTION_DAYS` of `@strata/core`. @default 30 */
  readonly logRetentionDays?: number;
  /** KMS key of the log group; its policy must let CloudWatch Logs use it. @default AWS's own key */
  readonly logKmsKeyArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An HTTP API of API Gateway whose routes are answered by Lambda functions, with one stage, a limit of requests and an
 * access log. An HTTP API has a public address: it cannot be made private ("Choose between REST APIs and HTTP APIs" in
 * the developer guide).
 */
export class HttpApi extends Construct {
  readonly resource: Apigatewayv2Api;
  readonly stage: Apigatewayv2Stage;
  /** Only with `jwt`. */
  readonly authorizer: Apigatewayv2Authorizer | undefined;
  readonly routes: Apigatewayv2Route[] = [];
  readonly logGroup: CloudwatchLogGroup;

  /** @throws ValidationError naming every prop that API Gateway would reject. */
  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.check(props);
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    this.resource = new Apigatewayv2Api(this, 'resource', {
      name: props.apiName,
      description: props.description,
      protocolType: 'HTTP',
      corsConfiguration: cors(props),
      tags,
    });
    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: props.logGroupName ?? `/aws/apigateway/${props.apiName}`,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: props.logKmsKeyArn,
      tags,
    });
    this.authorizer = this.jwtAuthorizer(props);
    this.addRoutes(props);
    this.stage = new Apigatewayv2Stage(this, 'stage', {
      apiId: this.apiId,
      name: '$default',
      autoDeploy: true,
      defaultRouteSettings: {
        throttlingRateLimit: props.ratePerSecond ?? 20,
        throttlingBurstLimit: props.burst ?? 50,
        detailedMetricsEnabled: false,
      },
      accessLogSettings: { destinationArn: this.logGroup.arn, format: ACCESS_LOG_FORMAT },
      tags,
      // A stage that deploys by itself may do so only when its routes are there.
      dependsOn: [...this.routes],
    });
  }

  get apiId(): string {
    return this.resource.id;
  }

  /** Address of the API, without a slash at the end. */
  get url(): string {
    return this.resource.apiEndpoint;
  }

  /** ARN of every route, for `execute-api:Invoke`. */
  get invokeArn(): string {
    return `${this.resource.executionArn}/*`;
  }

  private jwtAuthorizer({ authorization, apiName }: HttpApiProps): Apigatewayv2Authorizer | undefined {
    if (authorization.type !== 'jwt') return undefined;
    return new Apigatewayv2Authorizer(this, 'authorizer', {
      apiId: this.apiId,
      name: `${apiName}-jwt`,
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: authorization.issuer, audience: [...authorization.audiences] },
    });
  }

  private addRoutes(props: HttpApiProps): void {
    const targets = new Map(
      Object.entries(props.functions).map(([name, target]) => {
        target.allowInvoke(`api-${name}`, {
          principal: 'apigateway.amazonaws.com',
          sourceArn: `${this.resource.executionArn}/*`,
        });
        const integration = new Apigatewayv2Integration(this, `integration-${name}`, {
          apiId: this.apiId,
          integrationType: 'AWS_PROXY',
          integrationUri: target.resource.invokeArn,
          payloadFormatVersion: '2.0',
          timeoutMilliseconds: (props.timeoutSeconds ?? 30) * 1000,
        });
        return [name, integration.id];
      }),
    );
    const authorization = AUTHORIZATION_TYPES[props.authorization.type];
    for (const { method, path, functionName } of props.routes) {
      this.routes.push(
        new Apigatewayv2Route(this, `route-${method}-${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`, {
          apiId: this.apiId,
          routeKey: `${method} ${path}`,
          target: `integrations/${targets.get(functionName)}`,
          authorizationType: authorization,
          authorizerId: this.authorizer?.id,
        }),
      );
    }
  }

  private check(props: HttpApiProps): void {
    const problems = new Problems(this);
    checkName(problems, 'apiName', props.apiName, API_NAME);
    for (const name of Object.keys(props.functions)) checkName(problems, `functions.${name}`, name, FUNCTION_KEY);
    checkAuthorization(problems, props.authorization);
    checkRoutes(problems, props.routes, Object.keys(props.functions));
    for (const [i, origin] of (props.corsOrigins ?? []).entries()) {
      problems.check(
        !isResolved(origin) || /^https?:\/\/[^/?#\s*]+$/.test(origin),
        `corsOrigins[${i}]: "${origin}" is not an origin; write scheme, host and, if need be, port, such as ` +
          '"https://shop.example.com"',
      );
    }
    checkInteger(problems, 'ratePerSecond', props.ratePerSecond, { min: 1, max: 10_000, unit: 'requests per second' });
    checkInteger(problems, 'burst', props.burst, { min: 1, max: 10_000, unit: 'requests' });
    checkInteger(problems, 'timeoutSeconds', props.timeoutSeconds, { min: 1, max: 30, unit: 'seconds' });
    checkLogRetentionDays(problems, 'logRetentionDays', props.logRetentionDays);
    problems.throwIfAny();
  }
}

const AUTHORIZATION_TYPES = { iam: 'AWS_IAM', jwt: 'JWT', none: 'NONE' } as const;

function cors({ corsOrigins = [], corsHeaders, routes }: HttpApiProps) {
  if (corsOrigins.length === 0) return undefined;
  return {
    allowOrigins: [...corsOrigins],
    allowMethods: [...new Set(routes.map(({ method }) => method))].sort(),
    allowHeaders: [...(corsHeaders ?? ['authorization', 'content-type', 'idempotency-key'])],
    exposeHeaders: ['retry-after'],
    maxAge: 600,
  };
}
