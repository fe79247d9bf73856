import { checkConfig } from '@strata/core/config';
import { computeConfig } from '@strata/stack-compute';

const problems = (config: object) => checkConfig(computeConfig, config, 'compute').problems;

test('the defaults are valid', () => {
  expect(problems({})).toEqual([]);
});

test('all mistakes are shown at once, each with key, value and what is allowed', () => {
  expect(
    problems({
      clusterNam: 'x',
      logRetentionDays: 8,
      containerInsights: 'on',
      services: { 'app-web': { cpu: 300, exposre: 'public' }, 'app-was': { callers: ['app-wbe'], memoryMiB: 999 } },
    }),
  ).toEqual([
    expect.stringMatching(
      /^compute\.containerInsights: "on" is not allowed; use one of "disabled", "enabled", "enhanced"/,
    ),
    expect.stringMatching(/^compute\.logRetentionDays: 8 is not allowed; .*the nearest is 7;/),
    expect.stringMatching(
      /^compute\.services\.app-web\.exposre: unknown key; allowed are .*did you mean "exposure"\?$/,
    ),
    expect.stringMatching(/^compute\.clusterNam: unknown key; allowed are .*did you mean "clusterName"\?$/),
  ]);
});

test('rules over several keys, once each key is right', () => {
  expect(
    problems({
      logRetentionDays: 8,
      services: {
        'app-web': { cpu: 300, minCapacity: 5, rollBackOnAlarms: true },
        'app-was': { callers: ['app-wbe'], cpu: 1024, memoryMiB: 999 },
        worker: { exposure: 'none', callers: ['app-web'], webAclArn: 'arn:aws:wafv2:x' },
      },
    }),
  ).toEqual([
    expect.stringMatching(
      /^compute\.logRetentionDays: 8 is not allowed; it is not a CloudWatch Logs retention period; the nearest is 7/,
    ),
    expect.stringMatching(
      /^compute\.services\.app-web\.minCapacity: 5 is not allowed; use at most maxCapacity, which is 4$/,
    ),
    expect.stringMatching(/^compute\.services\.app-web\.cpu: 300 is not a Fargate size; .*nearest valid sizes: /),
    expect.stringMatching(/^compute\.services\.app-web\.rollBackOnAlarms: there are no alarms/),
    expect.stringMatching(
      /^compute\.services\.app-was\.callers\[0\]: "app-wbe" is not allowed; use another service of this layer: app-web, worker; did you mean "app-web"\?$/,
    ),
    expect.stringMatching(/^compute\.services\.app-was\.memoryMiB: 999 is not valid with cpu 1024/),
    expect.stringMatching(/^compute\.services\.worker\.callers: only an internal service has callers/),
    expect.stringMatching(
      /^compute\.services\.worker\.webAclArn: has no effect on a service with exposure "none", which has no load balancer/,
    ),
  ]);
});

test('an internal certificate needs a name that callers are told', () => {
  const certificateArn = 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1';
  const https = (service: string, value: object) => problems({ services: { [service]: { https: value } } });
  expect(https('app-was', { certificateArn })).toEqual([
    expect.stringMatching(
      /^compute\.services\.app-was\.https: callers would get a host name that certificateArn does not cover; set domainName and hostedZoneId too$/,
    ),
  ]);
  expect(https('app-was', { certificateArn, domainName: 'was.example.com', hostedZoneId: 'Z1' })).toEqual([]);
  for (const domainName of [
    'https://was.example.com',
    'was.example.com.',
    'WAS.example.com',
    '*.example.com',
    'was',
    'a..b',
  ])
    expect(https('app-was', { certificateArn, domainName, hostedZoneId: 'Z1' })).toEqual([
      expect.stringContaining(`https.domainName: "${domainName}" is not allowed; use a host name in lower case`),
    ]);
  expect(https('app-was', { certificateArn, domainName: 'was.example.com', hostedZoneId: 'example.com' })).toEqual([
    expect.stringContaining('https.hostedZoneId: "example.com" is not allowed; use the id of a hosted zone'),
  ]);
  expect(https('app-web', { certificateArn })).toEqual([]);
});

test('a container is given the seconds that Fargate has', () => {
  expect(problems({ services: { 'app-web': { stopTimeoutSeconds: 1 } } })).toEqual([
    expect.stringContaining('compute.services.app-web.stopTimeoutSeconds: 1 '),
  ]);
});

test('an address that Terraform sets is not set by hand as well', () => {
  expect(problems({ services: { 'app-web': { environment: { APP_WAS_URL: 'http://was' } } } })).toEqual([
    expect.stringMatching(
      /^compute\.services\.app-web\.environment\.APP_WAS_URL: "app-web" calls "app-was" and gets its address in this variable/,
    ),
  ]);
});

test('names that AWS could not take', () => {
  expect(problems({ services: { App: {} } })).toEqual([
    expect.stringMatching(/^compute\.services\.App: the name "App" is not allowed; use 1 to 25 lower-case/),
  ]);
  expect(problems({ namePrefix: 'production', services: { 'photo-importer-x': {} } })).toEqual([
    "compute.services.photo-importer-x: its name with namePrefix has 27 characters, a load balancer's allows 25; shorten it by 2",
  ]);
});
