import type { Rule } from './rule';

export const rdsDeletion: Rule = {
  service: 'rds',
  operations: ['DeleteDBInstance', 'DeleteDBCluster'],
  what: 'deleting a database without a final snapshot and without saying so',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html',
  async check({ input, operation }, aws) {
    if (input.SkipFinalSnapshot === true || input.FinalDBSnapshotIdentifier !== undefined) return undefined;
    // An instance of a cluster has no separate snapshot.
    const { DBInstanceIdentifier } = input;
    const found =
      operation === 'DeleteDBInstance' ? await aws('rds', 'DescribeDBInstances', { DBInstanceIdentifier }) : undefined;
    if (found?.DBInstances?.[0]?.DBClusterIdentifier) return undefined;
    return {
      code: 'InvalidParameterCombination',
      message: 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    };
  },
};
