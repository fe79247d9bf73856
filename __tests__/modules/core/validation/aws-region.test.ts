import { AWS_REGION } from '@strata/core/rules';

test.each(['ap-northeast-2', 'us-gov-west-1', 'cn-northwest-1', 'eusc-de-east-1', 'us-isob-east-1', 'mx-central-1'])(
  '%s is a region',
  (region) => expect(region).toMatch(AWS_REGION),
);

test.each(['eu', 'ap-northeast', 'ap-northeast-2a', 'AP-NORTHEAST-2', '', 'europe-west-1'])(
  '"%s" is not a region',
  (text) => expect(text).not.toMatch(AWS_REGION),
);
