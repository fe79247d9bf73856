import { globsOverlap } from './globs-overlap';
import { actionsNamed, type IamAction } from './iam-actions';
import { UNKNOWN } from './resolve-text';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Of whom a policy is: of a role, or of the resource it stands at. */
export type PolicyKind = 'identity' | 'resource';

/** Keys of a request's caller and surroundings, which every action has. */
const EVERYWHERE =
  /^aws:(currenttime|epochtime|multifactorauth\w*|principal\w+|principaltag\/.+|requestedregion|securetransport|source\w+|tokenissuetime|useragent|userid|username|via\w+|calledvia\w*|vpcsourceip|resourceaccount|resourceorg\w+|sourceidentity)$/;
const TAGS = /^aws:(requesttag|resourcetag)\/|^aws:tagkeys$/;

/** What is wrong with a statement, against what AWS publishes about its actions. */
export async function checkStatement(statement: Statement, kind: PolicyKind): Promise<string[]> {
  const problems: string[] = [];
  const patterns = list(statement.Action);
  const resources = list(statement.Resource);
  const found: (IamAction & { readonly pattern: string })[] = [];
  for (const pattern of patterns.filter((name) => name !== '*')) {
    const actions = await actionsNamed(pattern);
    if (actions.length === 0) problems.push(`${pattern} is no action`);
    found.push(...actions.map((action) => ({ ...action, pattern })));
  }
  if (statement.Effect === 'Deny') return problems;
  problems.push(...conditionProblems(statement, found));
  // At a resource, `*` is the resource itself, and a trust policy names none.
  if (kind === 'resource') return problems;
  if (patterns.includes('*')) problems.push('every action of AWS');
  for (const action of found) problems.push(...resourceProblems(action, resources, isNarrowed(statement, action)));
  for (const resource of resources) {
    const used = found.some(({ resources: kinds }) =>
      kinds.length === 0 ? resource === '*' : kinds.some((each) => overlaps(resource, each)),
    );
    if (!used && found.length > 0) problems.push(`${resource} is nothing that its actions are about`);
  }
  return [...new Set(problems)];
}

/** A condition on a key of the service itself, or on the tags of a resource, is as narrow as an ARN. */
function isNarrowed({ Condition = {} }: Statement, { name, conditionKeys }: IamAction): boolean {
  const [service] = name.split(':');
  return Object.values(Condition)
    .flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase()))
    .some(
      (key) =>
        (key.startsWith(`${service}:`) || key.startsWith('aws:resourcetag/')) &&
        conditionKeys.some((each) => globsOverlap(each, key)),
    );
}

function resourceProblems(
  { name, pattern, resources: kinds }: IamAction & { readonly pattern: string },
  resources: readonly string[],
  narrowed: boolean,
): string[] {
  if (kinds.length === 0)
    return resources.includes('*') ? [] : [`${name} never matches: it can be granted on "*" only`];
  if (resources.includes('*')) {
    if (narrowed) return [];
    return [`${pattern} on "*", where AWS takes ${pattern.includes('*') ? 'less' : kinds.join(' or ')}`];
  }
  const fits = resources.some((resource) => kinds.some((each) => overlaps(resource, each)));
  return fits ? [] : [`${name} never matches: it is about ${kinds.join(' or ')}`];
}

function overlaps(resource: string, each: string): boolean {
  return resource === UNKNOWN || globsOverlap(resource, each);
}

function conditionProblems({ Condition = {} }: Statement, actions: readonly IamAction[]): string[] {
  const problems: string[] = [];
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const key of Object.keys(keys)) {
      const wanted = key.toLowerCase();
      if (EVERYWHERE.test(wanted) && !TAGS.test(wanted)) continue;
      const without = actions.filter(({ conditionKeys }) => !conditionKeys.some((each) => globsOverlap(each, wanted)));
      // With these a request that has no such key is let through.
      const tolerant = /IfExists$|^Null$|^ForAllValues:/.test(operator);
      for (const { name } of tolerant && without.length < actions.length ? [] : without)
        problems.push(`${name} never matches: a request for it has no ${key}`);
    }
  }
  return problems;
}

export function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
