import {
  ApiGatewayV2Client,
  GetAuthorizersCommand,
  GetRoutesCommand,
  NotFoundException,
} from '@aws-sdk/client-apigatewayv2';
import type { Found } from './found';

/** The routes and authorizers of HTTP APIs, which have no tags of their own and of which an API takes no second one. */
export async function findApiParts(apiIds: readonly string[], aws: { readonly region: string }): Promise<Found[]> {
  if (apiIds.length === 0) return [];
  const client = new ApiGatewayV2Client(aws);
  const lists = await Promise.all(apiIds.map((id) => partsOf(client, id)));
  return lists.flat();
}

async function partsOf(client: ApiGatewayV2Client, ApiId: string): Promise<Found[]> {
  try {
    const [authorizers, routes] = await Promise.all([
      pages(async (NextToken) => client.send(new GetAuthorizersCommand({ ApiId, NextToken }))),
      pages(async (NextToken) => client.send(new GetRoutesCommand({ ApiId, NextToken }))),
    ]);
    return [
      ...authorizers.map(({ AuthorizerId, Name }) => ({
        type: 'aws_apigatewayv2_authorizer',
        id: `${ApiId}/${AuthorizerId}`,
        values: { api_id: ApiId, name: Name },
      })),
      ...routes.map(({ RouteId, RouteKey }) => ({
        type: 'aws_apigatewayv2_route',
        id: `${ApiId}/${RouteId}`,
        values: { api_id: ApiId, route_key: RouteKey },
      })),
    ];
  } catch (error) {
    // The tagging API tells of what was deleted for a while.
    if (error instanceof NotFoundException) return [];
    throw error;
  }
}

async function pages<Item>(
  next: (token: string | undefined) => Promise<{ readonly Items?: Item[]; readonly NextToken?: string }>,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const { Items = [], NextToken } = await next(token);
    found.push(...Items);
    token = NextToken;
  } while (token !== undefined);
  return found;
}
