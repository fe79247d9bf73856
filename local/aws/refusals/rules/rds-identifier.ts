import type { Rule } from './rule';

export const rdsIdentifier: Rule = {
  service: 'rds',
  operations: ['CreateDBInstance', 'CreateDBCluster', 'CreateDBProxy'],
  what: 'an identifier above 63 characters, that does not start with a letter, has two hyphens in a row or one at its end',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html',
  check({ input }) {
    const name: string | undefined = input.DBInstanceIdentifier ?? input.DBClusterIdentifier ?? input.DBProxyName;
    if (name !== undefined && !(name.length <= 63 && /^[A-Za-z](-?[A-Za-z0-9])*$/.test(name)))
      return {
        code: 'InvalidParameterValue',
        message:
          `The parameter ${input.DBInstanceIdentifier === undefined ? 'DBClusterIdentifier' : 'DBInstanceIdentifier'} is not a valid identifier. ` +
          'Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end ' +
          'with a hyphen or contain two consecutive hyphens.',
      };
    return undefined;
  },
};
