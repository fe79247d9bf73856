import { Lazy, Testing, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { isResolved, Problems, ValidationError } from '@strata/core';

function scopeAt(...ids: readonly string[]): Construct {
  return ids.reduce<Construct>((scope, id) => new Construct(scope, id), new TerraformStack(Testing.app(), 'compute'));
}

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('one problem stands on the line of the construct that has it', () => {
  const problems = new Problems(scopeAt('app-web', 'service'));
  problems.add('cpu: 300 is not a Fargate size');
  const error = thrownBy(() => problems.throwIfAny());
  expect(error).toBeInstanceOf(ValidationError);
  expect(error).toMatchObject({
    name: 'ValidationError',
    message: '[compute/app-web/service] cpu: 300 is not a Fargate size',
    constructPath: 'compute/app-web/service',
  });
});

test('several problems are counted and shown together, in the order they were found', () => {
  const problems = new Problems(scopeAt('vpc'));
  problems.check(false, 'first');
  problems.check(true, 'never shown');
  problems.add('second');
  expect(thrownBy(() => problems.throwIfAny())).toMatchObject({
    message: '[compute/vpc] 2 problems:\n  - first\n  - second',
  });
});

test('without a problem nothing is thrown', () => {
  const problems = new Problems(scopeAt('vpc'));
  problems.check(true, 'never shown');
  expect(thrownBy(() => problems.throwIfAny())).toBeUndefined();
});

test('an error of a construct that is the root of its tree names its id', () => {
  const root = new Construct(undefined as never, '');
  expect(new ValidationError(root, 'is wrong').message).toBe('[] is wrong');
});

test.each([
  ['text', 'a', true],
  ['empty text', '', true],
  ['zero', 0, true],
  ['false', false, true],
  ['an empty list', [], true],
  ['undefined', undefined, false],
  ['null', null, false],
  ['a token as text', Token.asString({ resolve: () => 'x' }), false],
  ['text with a token in it', `a-${Token.asString({ resolve: () => 'x' })}`, false],
  ['a token as number', Token.asNumber({ resolve: () => 1 }), false],
  ['a token as list', Token.asList({ resolve: () => ['x'] }), false],
  ['a lazy value', Lazy.anyValue({ produce: () => 'x' }), false],
])('%s (%p) is known at synth: %p', (_what, value, known) => {
  expect(isResolved(value)).toBe(known);
});
