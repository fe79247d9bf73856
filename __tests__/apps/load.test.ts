import { setTimeout as pause } from 'node:timers/promises';
import { photoForm } from '../../scripts/bench/apps/photo-form';
import { get, Harness, memoryMiB, photo, sendPhoto } from './harness';
import { load } from './load';

const harness = new Harness();
afterAll(() => harness.close());

const settings = { DRAIN_SECONDS: '2', STOP_SECONDS: '15' };

test.each(['app-web', 'app-was'] as const)(
  'SIGTERM under load: %s answers every request that it accepted, then ends',
  async (stopped) => {
    const endpoint = await harness.endpoint({ latencyMilliseconds: 300 });
    const was = await harness.was(settings, endpoint);
    const web = await harness.web(was.url, settings);
    const service = stopped === 'app-web' ? web : was;

    // The load does what a load balancer does: it looks elsewhere as soon as readiness says so.
    const elsewhere = new AbortController();
    const running = load({
      url: service.url,
      forms: [photoForm(photo())],
      concurrency: 16,
      seconds: 20,
      signal: elsewhere.signal,
    });
    await pause(800);
    expect((await get(`${service.url}/ready`)).status).toBe(200);
    const ended = service.stop('SIGTERM');
    let ready = await get(`${service.url}/ready`);
    while (ready.status === 200) ready = await get(`${service.url}/ready`);
    expect([ready.status, ready.body]).toEqual([503, { ready: false, draining: true }]);
    // Until it has, requests still come, and are still answered.
    await pause(500);
    elsewhere.abort();

    const { statuses, milliseconds } = await running;
    expect([...statuses.keys()]).toEqual([200]);
    expect(milliseconds.length).toBeGreaterThan(16);
    expect(await ended).toBe(0);
    await expect(sendPhoto(service.url)).rejects.toThrow('fetch failed');
  },
);

test('a request that outlives the drain is still answered', async () => {
  const endpoint = await harness.endpoint({ latencyMilliseconds: 1500 });
  const was = await harness.was({ DRAIN_SECONDS: '0', STOP_SECONDS: '10' }, endpoint);
  const answer = sendPhoto(was.url);
  await pause(300);
  const ended = was.stop('SIGTERM');
  expect((await answer).status).toBe(200);
  expect(await ended).toBe(0);
});

test('memory stays bounded while 200 large photos are in flight', async () => {
  const endpoint = await harness.endpoint();
  const was = await harness.was({ MAX_BUFFERED_BYTES: String(48 * 1024 * 1024), MAX_WAIT_SECONDS: '60' }, endpoint);
  const web = await harness.web(was.url, { WAS_TIMEOUT_SECONDS: '90' });
  const large = photoForm(Buffer.concat([photo(), Buffer.alloc(5 * 1024 * 1024)]));
  const before = { web: memoryMiB(web), was: memoryMiB(was) };

  const { statuses } = await load({ url: web.url, forms: [large], concurrency: 200, seconds: 0.5 });
  expect([...statuses.keys()]).toEqual([200]);
  expect(statuses.get(200)).toBeGreaterThanOrEqual(200);
  // 200 photos are 1 GB. app-web holds what is on its way, app-was what its budget allows, what is on its way to the
  // endpoint, and what is not collected yet.
  expect(memoryMiB(web) - before.web).toBeLessThan(120);
  expect(memoryMiB(was) - before.was).toBeLessThan(200);
}, 90_000);
