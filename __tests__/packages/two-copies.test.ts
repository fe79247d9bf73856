// Two versions of a package in one project are two copies: each knows the other's errors.
import type { IConstruct } from 'constructs';
import * as contract from '@strata/contract';
import * as core from '@strata/core';
import * as config from '@strata/core/config';

const scope = { node: { path: 'compute/app-web', id: 'app-web' } } as IConstruct;

/** The same package again, with all it loads. */
function copyOf<T extends object>(name: string): T {
  let copy: T | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<T>(name);
  });
  return copy!;
}

test('ValidationError', () => {
  const copy = copyOf<typeof core>('@strata/core');
  const error = new copy.ValidationError(scope, 'cpu: 300 is not a Fargate size');
  expect(error).not.toBeInstanceOf(core.ValidationError);
  expect(core.ValidationError.isValidationError(error)).toBe(true);
});

test('ConfigError, which a service loads without cdktf', () => {
  const copy = copyOf<typeof config>('@strata/core/config');
  const error = new copy.ConfigError(['region: "eu" is not allowed']);
  expect(error).not.toBeInstanceOf(config.ConfigError);
  expect(config.ConfigError.isConfigError(error)).toBe(true);
});

test('ContractError', () => {
  const copy = copyOf<typeof contract>('@strata/contract');
  const error = new copy.ContractError('layer "network" does not publish vpcId');
  expect(error).not.toBeInstanceOf(contract.ContractError);
  expect(contract.ContractError.isContractError(error)).toBe(true);
});

test.each([undefined, null, 'ValidationError', new Error('plain'), { name: 'ValidationError' }])(
  'no other value is taken for one: %p',
  (value) => {
    expect(core.ValidationError.isValidationError(value)).toBe(false);
    expect(config.ConfigError.isConfigError(value)).toBe(false);
    expect(contract.ContractError.isContractError(value)).toBe(false);
  },
);

test('a subclass is one, and the mark does not show', () => {
  class Narrower extends core.ValidationError {}
  const error = new Narrower(scope, 'no');
  expect(core.ValidationError.isValidationError(error)).toBe(true);
  expect(Object.keys(error).sort()).toEqual(['constructPath', 'name']);
});
