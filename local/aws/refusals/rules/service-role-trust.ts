import type { AskAws } from '../ask-aws';
import type { Refusal } from '../refusal';
import { nameOf } from './lookups';
import { listOf, principalsOf, statementsOf } from './policy-documents';

/** Undefined where a service may assume a role; otherwise what `refusal` makes of it. A role of another account is not looked at. */
export async function unlessAssumable(
  aws: AskAws,
  role: unknown,
  service: string,
  refusal: (role: string) => Refusal,
): Promise<Refusal | undefined> {
  if (typeof role !== 'string' || !role.includes(':role/')) return undefined;
  const account: string | undefined = (await aws('sts', 'GetCallerIdentity'))?.Account;
  if (role.split(':')[4] !== account) return undefined;
  const found = await aws('iam', 'GetRole', { RoleName: nameOf(role) });
  const trusted = statementsOf(found?.Role?.AssumeRolePolicyDocument).some(
    (statement) =>
      statement.Effect === 'Allow' &&
      listOf(statement.Action).some((action) => ['sts:AssumeRole', 'sts:*', '*'].includes(action)) &&
      principalsOf(statement, 'Service').some((principal) => principal === service || principal === '*'),
  );
  return trusted ? undefined : refusal(role);
}
