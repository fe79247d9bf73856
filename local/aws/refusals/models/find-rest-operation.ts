import type { Operation, ServiceModel } from './service-model';

/** An operation that a path names, and what the path gives. */
export interface RestMatch {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  /** Parameters the query must have, with their value where the model gives one. */
  readonly literal: readonly (readonly [string, string | undefined])[];
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly rank: number;
}

const routesOf = new WeakMap<ServiceModel, Route[]>();

/** The operation of a REST request: the most exact of those whose method, path, query and headers fit. */
export function findRestOperation(
  model: ServiceModel,
  method: string,
  url: URL,
  headers: Readonly<Record<string, unknown>>,
): RestMatch | undefined {
  let routes = routesOf.get(model);
  if (routes === undefined) {
    routes = Object.values(model.operations)
      .map((operation) => route(model, operation))
      .sort((one, other) => other.rank - one.rank);
    routesOf.set(model, routes);
  }
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const found = candidate.path.exec(url.pathname);
    if (found === null) continue;
    const fits =
      candidate.literal.every(
        ([name, value]) => url.searchParams.has(name) && (value === undefined || url.searchParams.get(name) === value),
      ) &&
      candidate.query.every((name) => url.searchParams.has(name)) &&
      candidate.headers.every((name) => headers[name.toLowerCase()] !== undefined);
    if (!fits) continue;
    const labels = Object.fromEntries(candidate.labels.map((label, index) => [label, decoded(found[index + 1] ?? '')]));
    return { operation: candidate.operation, labels };
  }
  return undefined;
}

function route(model: ServiceModel, operation: Operation): Route {
  const [path = '/', query = ''] = operation.http.requestUri.split('?');
  const labels: string[] = [];
  const source = path.replace(/\{(\w+)(\+?)\}|[.*+?^${}()|[\]\\]/g, (whole, label: string | undefined, greedy) => {
    if (label === undefined) return `\\${whole}`;
    labels.push(label);
    return greedy === '+' ? '(.+)' : '([^/]+)';
  });
  const literal = [...new URLSearchParams(query)].map(
    ([name, value]) => [name, value === '' ? undefined : value] as const,
  );
  const input = model.shapes[operation.input?.shape ?? ''];
  const needed = (location: string): string[] =>
    (input?.required ?? []).flatMap((name) => {
      const member = input?.members?.[name];
      return member?.location === location ? [member.locationName ?? name] : [];
    });
  const required = { query: needed('querystring'), headers: model.name === 's3' ? needed('header') : [] };
  return {
    operation,
    method: operation.http.method,
    path: new RegExp(`^${source}/?$`),
    labels,
    literal,
    // Elsewhere than in S3 a path names its operation, and what is missing is a fault of the request.
    query: model.name === 's3' ? required.query : [],
    headers: required.headers,
    rank:
      literal.length * 100 +
      (model.name === 's3' ? required.query.length + required.headers.length : 0) * 10 -
      labels.length +
      path.split('/').length -
      // S3's former operations have the address of those that came after them.
      (operation.deprecated === true ? 0.5 : 0),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
