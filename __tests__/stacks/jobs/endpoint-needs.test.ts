import { endpointNeeds, jobsConfig, type JobsConfigInput } from '@strata/stack-jobs/config';
import { requiredEndpoints } from '@strata/core/rules';

const required = (kind: JobsConfigInput['kinds'][string] = {}) =>
  requiredEndpoints(...endpointNeeds(jobsConfig.parse({ kinds: { sentiment: kind } })));

test('functions and workers work in a network without NAT', () => {
  expect(required()).toEqual({
    gateway: ['s3'],
    interface: ['ecr.api', 'ecr.dkr', 'ecs', 'events', 'logs', 'secretsmanager', 'sqs'],
    unknown: [],
  });
});

test('what a kind of work is given and may call is reached as well', () => {
  const secret = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:token-AbCdEf';
  const permissions = [{ actions: ['sagemaker:InvokeEndpoint'], resources: ['arn:aws:sagemaker:*:*:endpoint/shop'] }];
  const { interface: endpoints } = required({ secrets: { TOKEN: secret, REGION: 'jobs/region' }, permissions });
  expect(endpoints).toEqual(expect.arrayContaining(['sagemaker.runtime', 'secretsmanager', 'ssm']));
});
