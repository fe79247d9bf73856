import { Testing, TerraformStack, Token } from 'cdktf';
import {
  LOG_RETENTION_DAYS,
  Problems,
  checkInteger,
  checkLogRetentionDays,
  checkName,
  checkOneOf,
  type NameRule,
} from '@strata/core';

const text = Token.asString({ resolve: () => 'x' });
const number = Token.asNumber({ resolve: () => 1 });

/** What a check says of a value; `undefined` where it is silent. */
function said(check: (problems: Problems) => void): string | undefined {
  const problems = new Problems(new TerraformStack(Testing.app(), 's'));
  check(problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as Error).message.slice('[s] '.length);
  }
  return undefined;
}

describe('a name', () => {
  const rule: NameRule = {
    what: 'load balancer name',
    maxLength: 8,
    pattern: /^(?!-)[A-Za-z0-9-]*(?<!-)$/,
    allowed: 'letters, digits and hyphens, no hyphen at either end',
    reservedPrefixes: ['int-', 'aws-'],
  };

  test.each(['a', 'app-alb', 'exactly8', 'int', undefined, text, `app-${text}`])('%p passes', (name) => {
    expect(said((problems) => checkName(problems, 'name', name, rule))).toBeUndefined();
  });

  test.each([
    [
      '',
      'name: "" is not a load balancer name; use 1 to 8 characters: letters, digits and hyphens, no hyphen at either end',
    ],
    ['ninechars', 'name: "ninechars" has 9 characters, a load balancer name at most 8; shorten it by 1'],
    [
      '-app',
      'name: "-app" is not a load balancer name; allowed are letters, digits and hyphens, no hyphen at either end',
    ],
    [
      'app_x',
      'name: "app_x" is not a load balancer name; allowed are letters, digits and hyphens, no hyphen at either end',
    ],
    ['aws-app', 'name: "aws-app" starts with "aws-", which AWS reserves; choose another load balancer name'],
  ])('%p is refused', (name, message) => {
    expect(said((problems) => checkName(problems, 'name', name, rule))).toBe(message);
  });
});

describe('one of a fixed set', () => {
  test.each(['single', undefined, text])('%p passes', (value) => {
    expect(said((problems) => checkOneOf(problems, 'nat', value, ['none', 'single']))).toBeUndefined();
  });

  test('a word that is nearly right is recognized', () => {
    expect(said((problems) => checkOneOf(problems, 'nat', 'singel', ['none', 'single']))).toBe(
      'nat: "singel" is not allowed; use one of none, single; did you mean "single"?',
    );
  });

  test('a word that is nothing like it is not guessed at', () => {
    expect(said((problems) => checkOneOf(problems, 'nat', 'elsewhere', ['none', 'single']))).toBe(
      'nat: "elsewhere" is not allowed; use one of none, single',
    );
  });

  test('numbers too', () => {
    expect(said((problems) => checkOneOf(problems, 'interval', 60, [60, 600]))).toBeUndefined();
    expect(said((problems) => checkOneOf(problems, 'interval', number, [60, 600]))).toBeUndefined();
    expect(said((problems) => checkOneOf(problems, 'interval', 3_600_000, [60, 600]))).toBe(
      'interval: 3600000 is not allowed; use one of 60, 600',
    );
  });
});

describe('a whole number within bounds', () => {
  test.each([1, 65_535, 80, undefined, number])('%p passes', (value) => {
    expect(said((problems) => checkInteger(problems, 'port', value, { min: 1, max: 65_535 }))).toBeUndefined();
  });

  test.each([0, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%p is refused', (value) => {
    expect(said((problems) => checkInteger(problems, 'port', value, { min: 1, max: 65_535 }))).toBe(
      `port: ${value} is out of range; use a whole number from 1 to 65535`,
    );
  });

  test('the unit is named', () => {
    expect(said((problems) => checkInteger(problems, 'memoryMiB', 1, { min: 512, max: 1024, unit: 'MiB' }))).toBe(
      'memoryMiB: 1 is out of range; use a whole number from 512 to 1024 MiB',
    );
  });
});

describe('a log retention', () => {
  const check = (days: number | undefined): string | undefined =>
    said((problems) => checkLogRetentionDays(problems, 'retentionDays', days));

  test.each([...LOG_RETENTION_DAYS, undefined, number])('%p passes', (days) => {
    expect(check(days)).toBeUndefined();
  });

  test.each([
    [0, 1],
    [2, 1],
    [8, 7],
    [360, 365],
    [100_000, 3653],
  ])('%p is refused, the nearest is %p', (days, nearest) => {
    expect(check(days)).toBe(
      `retentionDays: ${days} is not a CloudWatch Logs retention period; the nearest is ${nearest}; allowed are 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 days`,
    );
  });
});
