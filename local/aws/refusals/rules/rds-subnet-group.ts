import { subnetsOf } from './lookups';
import type { Rule } from './rule';

export const rdsSubnetGroup: Rule = {
  service: 'rds',
  operations: ['CreateDBSubnetGroup', 'ModifyDBSubnetGroup'],
  what: 'a subnet group in fewer than two zones',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
  async check({ input }, aws) {
    const subnets = await subnetsOf(aws, input.SubnetIds ?? []);
    if (subnets.length > 0 && new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size < 2)
      return {
        code: 'DBSubnetGroupDoesNotCoverEnoughAZs',
        message:
          'The DB subnet group doesn’t meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ' +
          `${subnets[0]!.AvailabilityZone}. Add subnets to cover at least 2 AZs.`,
      };
    return undefined;
  },
};
