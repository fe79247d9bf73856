import { IAMClient, paginateListPolicies } from '@aws-sdk/client-iam';
import type { Found } from './found';

/**
 * Managed policies by their names, which an account has once. They are imported by their ARNs, and the tagging API of a
 * region does not tell of them.
 */
export async function findPolicies(names: readonly string[], aws: { readonly region: string }): Promise<Found[]> {
  if (names.length === 0) return [];
  const found: Found[] = [];
  for await (const page of paginateListPolicies({ client: new IAMClient(aws) }, { Scope: 'Local' }))
    for (const { Arn = '', PolicyName = '' } of page.Policies ?? [])
      if (names.includes(PolicyName)) found.push({ type: 'aws_iam_policy', id: Arn, arn: Arn, name: PolicyName });
  return found;
}
