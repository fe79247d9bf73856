import { httpOrigin, readSettings, serviceSettings, wholeNumber } from '@strata/service-runtime';
import * as z from 'zod';

const schema = z.object({
  ...serviceSettings({ port: 8000, metricsPort: 9464 }),
  TARGET: httpOrigin,
  LIMIT: wholeNumber({ min: 1, max: 10, default: 3 }),
});

test('an empty environment gives the defaults', () => {
  expect(readSettings(schema, { TARGET: 'http://app-was' })).toEqual({
    PORT: 8000,
    HOST: '0.0.0.0',
    LOG_LEVEL: 'info',
    METRICS_PORT: 9464,
    DRAIN_SECONDS: 5,
    STOP_SECONDS: 25,
    TARGET: 'http://app-was',
    LIMIT: 3,
  });
});

test('an empty variable counts as absent, and variables of others are left alone', () => {
  expect(readSettings(schema, { TARGET: 'http://app-was:81/', PORT: '', SHELL: '/bin/sh' })).toMatchObject({
    TARGET: 'http://app-was:81',
    PORT: 8000,
  });
});

test('every problem is told at once, with the variable, the value and what is allowed', () => {
  const read = (): unknown =>
    readSettings(schema, {
      TARGET: 'ftp://app-was',
      PORT: '70000',
      LOG_LEVEL: 'loud',
      LIMIT: 'many',
      METRICS_NAMESPACE: 'a b',
    });
  expect(read).toThrow('5 problems in the environment variables:');
  expect(read).toThrow('PORT: 70000 is not allowed; use at most 65535');
  expect(read).toThrow(
    'LOG_LEVEL: "loud" is not allowed; use one of "fatal", "error", "warn", "info", "debug", "silent"',
  );
  expect(read).toThrow('METRICS_NAMESPACE: "a b" is not allowed; use 1 to 255 letters, digits or . - _ / # :');
  expect(read).toThrow(
    'TARGET: "ftp://app-was" is not allowed; use http:// or https://, a host and, if need be, a port',
  );
  expect(read).toThrow('LIMIT: "many" is not allowed; use a whole number from 1 to 10');
});

test.each(['http://user@host', 'http://host/path', 'http://host?q', 'http://host#h', 'host', 'file:///x'])(
  '%s is no origin',
  (text) => {
    expect(() => readSettings(schema, { TARGET: text })).toThrow('TARGET:');
  },
);

test('the metrics port can be switched off', () => {
  expect(readSettings(schema, { TARGET: 'http://a', METRICS_PORT: 'off' })).toMatchObject({ METRICS_PORT: 'off' });
});

test('a metrics port that is none', () => {
  expect(() => readSettings(schema, { TARGET: 'http://a', METRICS_PORT: 'none' })).toThrow(
    'METRICS_PORT: "none" is not allowed; use a port, or off',
  );
});
