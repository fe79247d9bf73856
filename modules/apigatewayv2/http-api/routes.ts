import { isResolved, type Problems } from '@strata/core';

/** Which function answers which request. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/` and parts; a part in braces takes any text, as in `/jobs/{id}`. */
  readonly path: string;
  /** One of `functions`. */
  readonly functionName: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html */
const PATH = /^\/$|^(\/([A-Za-z0-9._~-]+|\{[A-Za-z0-9_]+\}))*(\/\{[A-Za-z0-9_]+\+\})?$/;

export function checkRoutes(problems: Problems, routes: readonly ApiRoute[], functions: readonly string[]): void {
  problems.check(
    routes.length > 0 && routes.length <= 300,
    `routes: there are ${routes.length}; an HTTP API has 1 to 300`,
  );
  const seen = new Set<string>();
  for (const [i, { method, path, functionName }] of routes.entries()) {
    problems.check(
      METHODS.includes(method),
      `routes[${i}].method: "${method}" is not allowed; use one of ${METHODS.join(', ')}`,
    );
    problems.check(
      isResolved(path) && path !== '' && PATH.test(path),
      `routes[${i}].path: "${path}" is not a path; write one such as "/jobs/{id}"`,
    );
    problems.check(
      functions.includes(functionName),
      `routes[${i}].functionName: "${functionName}" is none of functions; use one of ${functions.join(', ')}`,
    );
    // Names of parameters do not tell routes apart.
    const key = `${method} ${path.replaceAll(/\{[^}+]*/g, '{')}`;
    problems.check(!seen.has(key), `routes[${i}]: "${method} ${path}" is listed twice; take one away`);
    seen.add(key);
  }
}
