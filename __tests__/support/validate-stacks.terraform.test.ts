import { AWS_PROVIDER_VERSION } from '@strata/layer';
import { terraformTest } from './terraform';
import { validateStacks } from './validate-stacks';

const stack = (content: object): string =>
  JSON.stringify({
    terraform: {
      backend: { s3: { bucket: 'shop-state', key: 'x', region: 'ap-northeast-2' } },
      required_providers: { aws: { source: 'hashicorp/aws', version: AWS_PROVIDER_VERSION } },
    },
    provider: { aws: [{ region: 'ap-northeast-2' }] },
    ...content,
  });

const queue = { resource: { aws_sqs_queue: { q: { name: 'q' } } } };

terraformTest('what is wrong is told of the stack that it is in, and of no other', () => {
  const found = validateStacks({
    good: stack(queue),
    'unknown argument': stack({ resource: { aws_sqs_queue: { q: { name: 'q', nam: 'q' } } } }),
    'value out of range': stack({ resource: { aws_sqs_queue: { q: { delay_seconds: 901 } } } }),
    provider: stack({ ...queue, provider: { aws: [{ regoin: 'ap-northeast-2' }] } }),
    'deprecated argument': stack({ resource: { aws_s3_bucket: { b: { acl: 'private' } } } }),
  });
  const summaries = Object.entries(found).map(([name, diagnostics]) => [
    name,
    diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`),
  ]);
  expect(Object.fromEntries(summaries)).toEqual({
    good: [],
    'unknown argument': ['error: Extraneous JSON object property'],
    'value out of range': ['error: expected delay_seconds to be in the range (0 - 900), got 901'],
    provider: ['error: Extraneous JSON object property'],
    'deprecated argument': ['warning: Argument is deprecated'],
  });
});
