import { AwsAccount } from '@strata/core';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { synthResources } from '../../../support/synth-resources';

test('one instance a stack, whoever asks first', () => {
  const stack = synthResources((scope) => {
    const deep = new Construct(new Construct(scope, 'a'), 'b');
    const account = AwsAccount.of(deep);
    expect(AwsAccount.of(scope)).toBe(account);
    new TerraformOutput(scope, 'arn', { value: `${account.partition} ${account.region} ${account.accountId}` });
  });
  // `.id` is the region's name in provider 5 and 6 alike.
  expect(stack.outputs.arn).toMatch(
    /^\$\{data\.aws_partition\..*\.partition\} \$\{data\.aws_region\..*\.id\} \$\{data\.aws_caller_identity\..*\.account_id\}$/,
  );
  expect(stack.types).toEqual([]);
});
