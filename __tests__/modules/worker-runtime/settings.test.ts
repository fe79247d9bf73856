import { readSettings } from '../../../modules/worker-runtime';

const REQUIRED = {
  STRATA_KIND: 'sentiment',
  STRATA_QUEUE_URL: 'http://127.0.0.1/q',
  STRATA_BUCKET: 'b',
  STRATA_DATABASE_URL: 'postgres://strata_worker@db/jobs',
};

describe("the worker's settings", () => {
  it('need a kind, a queue, a bucket and a database, and name all that are missing', () => {
    expect(() => readSettings({})).toThrow(
      /STRATA_KIND: .*\n.*STRATA_QUEUE_URL: .*\n.*STRATA_BUCKET: .*\n.*STRATA_DATABASE_URL: /,
    );
    expect(readSettings(REQUIRED)).toMatchObject({ visibilitySeconds: 120, heartbeatSeconds: 30, loadRows: true });
  });

  it.each([
    [
      { STRATA_HEARTBEAT_SECONDS: '41' },
      '41 is not allowed; use at most a third of visibilitySeconds (120), which is 40',
    ],
    [{ STRATA_MAX_RUNTIME_SECONDS: '39601' }, 'STRATA_MAX_RUNTIME_SECONDS'],
  ])('refuse %j', (wrong, message) => {
    expect(() => readSettings({ ...REQUIRED, ...wrong })).toThrow(message);
  });
});
