import type { Layer } from '../changes/layers';

/** What is deployed while the calls of a layer are recorded. */
export interface RecordedConfigurations {
  /** The layers deployed before it. */
  readonly before?: Readonly<Partial<Record<Layer, object>>>;
  readonly deployed: object;
  /** What it is changed to, together with the tags of the environment. */
  readonly changed: object;
}

/** What stands for `namePrefix` and a hyphen in recorded names. */
export const NAME_PREFIX = 'nameprefix';

const network = { natGateways: 'single' };
const repositories = { 'app-web': { maxTaggedImages: 50, pullAccountIds: ['210987654321'] }, 'app-worker': {} };
const service = {
  minCapacity: 2,
  maxCapacity: 4,
  cpuTargetPercent: 60,
  alarms: true,
  environment: { LOG_LEVEL: 'info' },
};

export const CONFIGURATIONS: Readonly<Record<Layer, RecordedConfigurations>> = {
  bootstrap: {
    deployed: { preventDestroy: false, forceDestroy: true },
    changed: { preventDestroy: false, forceDestroy: true, noncurrentVersionsToKeep: 50 },
  },
  network: {
    deployed: network,
    changed: {
      natGateways: 'per-az',
      flowLogs: { destination: 'cloud-watch-logs', retentionDays: 30 },
      vpcEndpoints: { interface: ['kms'] },
    },
  },
  registry: { deployed: {}, changed: { repositories } },
  ml: {
    before: { network, registry: {} },
    deployed: {},
    changed: { modelReaderAccountIds: ['210987654321'], logRetentionDays: 30 },
  },
  jobs: {
    before: { network, registry: {} },
    deployed: { api: { auth: 'iam' }, kinds: { lines: {} } },
    changed: { api: { auth: 'iam' }, kinds: { lines: { maxWorkers: 8 } }, logRetentionDays: 30 },
  },
  compute: {
    before: { network, registry: {} },
    deployed: { modelLayer: 'none' },
    changed: { modelLayer: 'none', services: { 'app-web': service, 'app-was': service, worker: { exposure: 'none' } } },
  },
  'ci-cd': {
    before: { network, registry: {}, compute: { modelLayer: 'none' } },
    deployed: {},
    changed: { notifications: { emailAddresses: ['web@example.com'] } },
  },
};
