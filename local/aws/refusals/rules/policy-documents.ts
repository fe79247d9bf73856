import type { AskAws } from '../ask-aws';
import { nameOf, parseArn } from './lookups';

interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/** Statements of a document, which IAM may hand out URL-encoded; none where it is not JSON: others refuse that. */
export function statementsOf(document: unknown): PolicyStatement[] {
  try {
    const text = String(document);
    const { Statement = [] } = JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text) as {
      Statement?: PolicyStatement | PolicyStatement[];
    };
    return Array.isArray(Statement) ? Statement : [Statement];
  } catch {
    return [];
  }
}

/** Principals of one kind (`AWS`, `Service`, `Federated`); `*` stands for all. */
export function principalsOf({ Principal }: PolicyStatement, kind: string): string[] {
  if (Principal === '*') return ['*'];
  if (typeof Principal !== 'object' || Principal === null) return [];
  const held = (Principal as Record<string, unknown>)[kind];
  return (Array.isArray(held) ? held : held === undefined ? [] : [held]).map(String);
}

export function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
}

/** Size as IAM counts it: without white space. */
export function policySize(document: unknown): number {
  return String(document).replace(/\s/g, '').length;
}

/**
 * The first principal that AWS cannot know: a role or user of this account that does not exist, or a service whose name
 * is none. Undefined where all are known.
 */
export async function unknownPrincipal(aws: AskAws, document: unknown): Promise<string | undefined> {
  const here: string = (await aws('sts', 'GetCallerIdentity'))?.Account ?? '';
  for (const statement of statementsOf(document)) {
    for (const service of principalsOf(statement, 'Service')) {
      if (service !== '*' && !/^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal|api\.aws)$/.test(service))
        return `"SERVICE":"${service}"`;
    }
    for (const principal of principalsOf(statement, 'AWS')) {
      const { account, resource, service } = parseArn(principal);
      if (service !== 'iam' || account !== here) continue;
      const [kind] = resource.split('/');
      const known =
        (kind !== 'role' || (await aws('iam', 'GetRole', { RoleName: nameOf(resource) })) !== undefined) &&
        (kind !== 'user' || (await aws('iam', 'GetUser', { UserName: nameOf(resource) })) !== undefined);
      if (!known) return `"AWS":"${principal}"`;
    }
  }
  return undefined;
}
