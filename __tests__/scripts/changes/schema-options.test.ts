import * as z from 'zod';
import { otherValue } from '../../../scripts/changes/other-value';
import { placeLike, placesOf, withValue } from '../../../scripts/changes/places';
import { optionsOf } from '../../../scripts/changes/schema-options';

const schema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z]+$/)
    .optional(),
  size: z.number().int().max(3).default(3),
  mode: z.enum(['slow', 'fast']).default('slow'),
  zones: z.array(z.string()).default([]),
  services: z
    .object({})
    .catchall(
      z.union([z.literal(false), z.strictObject({ ports: z.array(z.strictObject({ port: z.number() })).optional() })]),
    ),
});

test('the options of a schema are its keys, below any name and any entry of a list', () => {
  expect(optionsOf(schema).map(({ path }) => path)).toEqual([
    'name',
    'size',
    'mode',
    'zones',
    'services',
    'services.*.ports[].port',
  ]);
});

test('another value is valid: below a maximum, of an enum, of a pattern, from the default', () => {
  const { shape } = schema;
  expect(otherValue(shape.size, undefined)).toBe(2);
  expect(otherValue(shape.mode, 'fast')).toBe('slow');
  expect(otherValue(shape.name, 'shoz')).toBe('shoy');
  expect(otherValue(shape.zones, ['a', 'b'])).toEqual(['b', 'b']);
});

test('a text of which nothing is known has no other value', () => {
  expect(otherValue(schema.shape.name, undefined)).toBeUndefined();
});

test('places of an option: one for each name, and the first entry of a list', () => {
  const config = { services: { web: { ports: [{ port: 1 }, { port: 2 }] }, was: false, api: {} } };
  expect(placesOf(config, 'services.*.ports[].port')).toEqual([['services', 'web', 'ports', 0, 'port']]);
});

test('another option is found below the same name', () => {
  expect(placeLike('services.*.mode', ['services', 'web', 'size'], 'services.*.size')).toEqual([
    'services',
    'web',
    'mode',
  ]);
});

test('a value is set in a copy, with what is on the way, and removed', () => {
  const config = { a: { b: [1, 2] } };
  expect(withValue(config, ['a', 'b', 1], 3)).toEqual({ a: { b: [1, 3] } });
  expect(withValue(config, ['c', 'd'], 1)).toEqual({ a: { b: [1, 2] }, c: { d: 1 } });
  expect(withValue(config, ['a', 'b'], undefined)).toEqual({ a: {} });
  expect(config).toEqual({ a: { b: [1, 2] } });
});
