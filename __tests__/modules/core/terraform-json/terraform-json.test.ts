import { terraformJson, type JsonValue } from '@strata/core';
import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { Lazy, TerraformOutput } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

/** What the JSON of a value is in the synthesized stack; `zones` gives tokens. */
const resolve = (value: (zones: DataAwsAvailabilityZones) => JsonValue): unknown =>
  synthResources((scope) => {
    new TerraformOutput(scope, 'json', { value: terraformJson(value(new DataAwsAvailabilityZones(scope, 'zones'))) });
  }).outputs.json;

test('what is known at synth is plain JSON, members in the order given, undefined ones left out', () => {
  const value = { b: 1, a: ['x', true, null], c: undefined, d: { e: 'say "hi"\n' } };
  expect(terraformJson(value)).toBe('{"b":1,"a":["x",true,null],"d":{"e":"say \\"hi\\"\\n"}}');
});

test('a token is encoded by Terraform', () => {
  expect(resolve((zones) => ({ a: zones.id, b: 1 }))).toBe(
    '{"a":${jsonencode(data.aws_availability_zones.zones.id)},"b":1}',
  );
});

test('text around tokens keeps its quotes, line breaks and braces', () => {
  expect(resolve((zones) => [`{"a":"${zones.id}","b":"${zones.state}"}\n`])).toBe(
    '[${jsonencode(join("", ["\\u007b\\"a\\":\\"", data.aws_availability_zones.zones.id, "\\",\\"b\\":\\"", data.aws_availability_zones.zones.state, "\\"\\u007d\\n"]))}]',
  );
});

test('a number that is a token stays a number', () => {
  expect(resolve(() => ({ port: Lazy.numberValue({ produce: () => 8080 }) }))).toBe('{"port":8080}');
});

test('a list that is a token becomes a list', () => {
  expect(resolve((zones) => ({ Resource: zones.names }))).toBe(
    '{"Resource":${jsonencode(data.aws_availability_zones.zones.names)}}',
  );
});
