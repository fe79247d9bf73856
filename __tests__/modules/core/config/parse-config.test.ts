import { checkConfig, ConfigError, parseConfig } from '@strata/core/config';
import * as z from 'zod';

/** What is said of a value, one line a problem. */
function said(schema: z.ZodType, value: unknown, path = 'layer'): readonly string[] {
  return checkConfig(schema, value, path).problems;
}

describe('a value that the schema accepts', () => {
  const schema = z.strictObject({
    natGateways: z.enum(['none', 'single']).default('single'),
    zones: z.number().optional(),
  });

  test('gets the defaults, and keeps what it says', () => {
    expect(parseConfig(schema, {})).toEqual({ natGateways: 'single' });
    expect(parseConfig(schema, { natGateways: 'none', zones: 3 })).toEqual({ natGateways: 'none', zones: 3 });
  });

  test('is not changed', () => {
    const given = Object.freeze({});
    parseConfig(schema, given);
    expect(given).toEqual({});
  });

  test('has no problem', () => {
    expect(checkConfig(schema, {})).toEqual({ value: { natGateways: 'single' }, problems: [] });
  });
});

describe('the error', () => {
  const schema = z.strictObject({ a: z.number(), b: z.string() });

  function errorOf(value: unknown, options?: { path?: string; source?: string }): ConfigError {
    try {
      parseConfig(schema, value, options);
    } catch (error) {
      return error as ConfigError;
    }
    throw new Error('nothing was refused');
  }

  test('counts one problem', () => {
    const error = errorOf({ a: 1, b: 2 });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ name: 'ConfigError', problems: ['b: 2 is not allowed; use a string'] });
    expect(error.message).toBe('1 problem in the configuration:\n  - b: 2 is not allowed; use a string');
  });

  test('shows all problems at once, under the path and the source that it was given', () => {
    expect(
      errorOf({ a: 'x', c: true }, { path: 'environments.dev.layers.network', source: 'context of cdktf.json' })
        .message,
    ).toBe(
      [
        '3 problems in the context of cdktf.json:',
        '  - environments.dev.layers.network.a: "x" is not allowed; use a number',
        '  - environments.dev.layers.network.b: is missing; use a string',
        '  - environments.dev.layers.network.c: unknown key; allowed are a, b',
      ].join('\n'),
    );
  });

  test('a value that is no object at all has no key of its own', () => {
    expect(errorOf(7).problems).toEqual(['configuration: 7 is not allowed; use an object']);
    expect(errorOf(7, { path: 'network' }).problems).toEqual(['network: 7 is not allowed; use an object']);
    expect(errorOf(undefined, { path: 'network' }).problems).toEqual(['network: is missing; use an object']);
  });
});

describe('what is said of', () => {
  test.each<[string, z.ZodType, unknown, string]>([
    ['text for a number', z.number(), 'four', 'layer.key: "four" is not allowed; use a number'],
    ['null', z.string(), null, 'layer.key: null is not allowed; use a string'],
    ['a missing value', z.boolean(), undefined, 'layer.key: is missing; use a boolean'],
    ['an object for a list', z.array(z.string()), { a: 1 }, 'layer.key: {"a":1} is not allowed; use an array'],
    ['text for a record', z.record(z.string(), z.string()), 'x', 'layer.key: "x" is not allowed; use an object'],
    ['a fraction', z.int(), 1.5, 'layer.key: 1.5 is not allowed; use a whole number'],
    ['a number that is too low', z.number().min(1), 0, 'layer.key: 0 is not allowed; use at least 1'],
    ['a number at an open bound', z.number().gt(1), 1, 'layer.key: 1 is not allowed; use more than 1'],
    ['a number that is too high', z.number().max(10), 11, 'layer.key: 11 is not allowed; use at most 10'],
    ['a number at an open upper bound', z.number().lt(10), 10, 'layer.key: 10 is not allowed; use less than 10'],
    [
      'a number between the steps',
      z.number().multipleOf(300),
      301,
      'layer.key: 301 is not allowed; use a multiple of 300',
    ],
    ['text that is too short', z.string().min(3), 'ab', 'layer.key: "ab" is not allowed; use at least 3 characters'],
    ['text that is too long', z.string().max(3), 'abcd', 'layer.key: "abcd" is not allowed; use at most 3 characters'],
    ['empty text', z.string().min(1), '', 'layer.key: "" is not allowed; use at least 1 character'],
    [
      'text against a rule',
      z.string().regex(/^\d{12}$/, 'use an account id of 12 digits'),
      '12',
      'layer.key: "12" is not allowed; use an account id of 12 digits',
    ],
    [
      'a list that is too short',
      z.array(z.string()).min(2),
      ['a'],
      'layer.key: has too few entries; use at least 2 entries',
    ],
    [
      'a list that is too long',
      z.array(z.string()).max(1),
      ['a', 'b'],
      'layer.key: has too many entries; use at most 1 entry',
    ],
    [
      'a word that is nearly right',
      z.enum(['none', 'single', 'per-az']),
      'singel',
      'layer.key: "singel" is not allowed; use one of "none", "single", "per-az"; did you mean "single"?',
    ],
    [
      'a word that is nothing like it',
      z.enum(['none', 'single']),
      'everywhere',
      'layer.key: "everywhere" is not allowed; use one of "none", "single"',
    ],
    ['a number of a fixed set', z.literal([1, 3, 5]), 4, 'layer.key: 4 is not allowed; use one of 1, 3, 5'],
    [
      'a rule of its own on a plain value',
      z.string().refine((text) => text === 'a', 'use a'),
      'b',
      'layer.key: "b" is not allowed; use a',
    ],
    [
      'a rule of its own on a list',
      z.array(z.number()).refine((list) => list.length === 0, 'use none'),
      [1, 2],
      'layer.key: [1,2] is not allowed; use none',
    ],
    [
      'a rule over several keys',
      z.object({ min: z.number() }).refine(() => false, 'min is above max; lower it'),
      { min: 3 },
      'layer.key: min is above max; lower it',
    ],
    [
      'a value that is long to show',
      z.number(),
      { list: 'x'.repeat(200) },
      `layer.key: {"list":"${'x'.repeat(68)}... is not allowed; use a number`,
    ],
  ])('%s', (_title, field, value, message) => {
    expect(said(z.strictObject({ key: field }), { key: value })).toEqual([message]);
  });

  test('an entry of a list, by its place', () => {
    expect(said(z.strictObject({ zones: z.array(z.string()) }), { zones: ['a', 2] })).toEqual([
      'layer.zones[1]: 2 is not allowed; use a string',
    ]);
  });

  test('the key of a record', () => {
    const schema = z.strictObject({
      services: z.record(z.string().regex(/^[a-z-]+$/, 'use lower-case letters and hyphens'), z.number()),
    });
    expect(said(schema, { services: { 'App Web': 1 } })).toEqual([
      'layer.services.App Web: use lower-case letters and hyphens',
    ]);
    expect(said(z.record(z.string().max(3), z.number()), { long: 1 })).toEqual([
      'layer.long: use at most 3 characters',
    ]);
  });
});

describe('an unknown key', () => {
  const inner = z.strictObject({ port: z.number().optional(), path: z.string().optional() });

  test.each<[string, z.ZodType, unknown, string]>([
    [
      'is told what is known, and what was probably meant',
      z.strictObject({ natGateways: z.string().optional() }),
      { natGateway: 'x' },
      'layer.natGateway: unknown key; allowed are natGateways; did you mean "natGateways"?',
    ],
    ['is to be removed where no key is known', z.strictObject({}), { a: 1 }, 'layer.a: unknown key; remove it'],
    [
      'inside an optional object',
      z.strictObject({ health: inner.optional() }),
      { health: { prot: 1 } },
      'layer.health.prot: unknown key; allowed are port, path; did you mean "port"?',
    ],
    [
      'inside an object with a default',
      z.strictObject({ health: inner.prefault({}) }),
      { health: { prot: 1 } },
      'layer.health.prot: unknown key; allowed are port, path; did you mean "port"?',
    ],
    [
      'inside an entry of a list',
      z.strictObject({ checks: z.array(inner) }),
      { checks: [{}, { prot: 1 }] },
      'layer.checks[1].prot: unknown key; allowed are port, path; did you mean "port"?',
    ],
    [
      'inside an entry of a record',
      z.strictObject({ services: z.record(z.string(), inner) }),
      { services: { web: { pth: 1 } } },
      'layer.services.web.pth: unknown key; allowed are port, path; did you mean "path"?',
    ],
    [
      'of a record whose keys are fixed',
      z.strictObject({ owners: z.partialRecord(z.enum(['network', 'compute']), z.string()) }),
      { owners: { netwrk: 'me' } },
      'layer.owners.netwrk: unknown key; allowed are network, compute; did you mean "network"?',
    ],
    [
      'behind a transformation',
      z.strictObject({ health: inner.transform((value) => value) }),
      { health: { prot: 1 } },
      'layer.health.prot: unknown key; allowed are port, path; did you mean "port"?',
    ],
  ])('%s', (_title, schema, value, message) => {
    expect(said(schema, value)).toEqual([message]);
  });

  test('each gets a line', () => {
    expect(said(z.strictObject({}), { a: 1, b: 2 })).toEqual([
      'layer.a: unknown key; remove it',
      'layer.b: unknown key; remove it',
    ]);
  });
});

describe('a union', () => {
  const state = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('local'), directory: z.string().optional() }),
    z.strictObject({ type: z.literal('s3'), bucket: z.string() }),
  ]);

  test.each<[string, unknown, readonly string[]]>([
    [
      'whose kind is misspelt',
      { type: 'locl' },
      ['layer.type: "locl" is not allowed; use one of "local", "s3"; did you mean "local"?'],
    ],
    ['whose kind is missing', {}, ['layer.type: is missing; use one of "local", "s3"']],
    ['of a kind that lacks something', { type: 's3' }, ['layer.bucket: is missing; use a string']],
    [
      "of a kind that does not know a key: only that kind's keys are named",
      { type: 's3', bucket: 'b', directory: 'x' },
      ['layer.directory: unknown key; allowed are type, bucket'],
    ],
  ])('%s', (_title, value, messages) => {
    expect(said(state, value)).toEqual(messages);
  });

  test('of false and an object: what the object says is judged as an object', () => {
    const schema = z.strictObject({
      logs: z.union([z.literal(false), z.strictObject({ days: z.number(), kms: z.string().optional() })]),
    });
    expect(said(schema, { logs: { days: 'x', kmss: 'k' } })).toEqual([
      'layer.logs.days: "x" is not allowed; use a number',
      'layer.logs.kmss: unknown key; allowed are days, kms; did you mean "kms"?',
    ]);
  });

  test('of which nothing has the type: each is named', () => {
    const schema = z.strictObject({ logs: z.union([z.literal(false), z.strictObject({ days: z.number() })]) });
    expect(said(schema, { logs: 'yes' })).toEqual([
      'layer.logs: "yes" is not allowed; use one of false, or use an object',
    ]);
  });

  test('of two objects: the nearer one is judged', () => {
    const schema = z.union([
      z.strictObject({ a: z.number(), b: z.number(), c: z.number() }),
      z.strictObject({ d: z.number() }),
    ]);
    expect(said(schema, { d: 'x' })).toEqual(['layer.d: "x" is not allowed; use a number']);
  });
});
