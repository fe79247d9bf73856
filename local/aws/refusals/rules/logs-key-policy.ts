import { principalsOf, statementsOf } from './policy-documents';
import type { Rule } from './rule';

export const logsKeyPolicy: Rule = {
  service: 'logs',
  operations: ['CreateLogGroup', 'AssociateKmsKey'],
  what: 'a log group under a KMS key whose policy does not let CloudWatch Logs of the region use it',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  async check({ input, region }, aws) {
    const { kmsKeyId, logGroupName } = input;
    if (kmsKeyId === undefined) return undefined;
    const policy = (await aws('kms', 'GetKeyPolicy', { KeyId: kmsKeyId, PolicyName: 'default' }))?.Policy;
    const services = [`logs.${region}.amazonaws.com`, `logs.${region}.amazonaws.com.cn`, 'logs.amazonaws.com', '*'];
    const allowed = statementsOf(policy).some(
      (statement) =>
        statement.Effect === 'Allow' &&
        principalsOf(statement, 'Service').some((service) => services.includes(service)),
    );
    if (!allowed)
      return {
        code: 'InvalidParameterException',
        message:
          'The specified KMS key does not exist or is not allowed to be used with Arn ' +
          `'arn:aws:logs:${region}:*:log-group:${logGroupName}'`,
      };
    return undefined;
  },
};
