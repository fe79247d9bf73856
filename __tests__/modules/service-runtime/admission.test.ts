import { Admission } from '@strata/service-runtime';

const never = new AbortController().signal;
const limits = { maxInFlight: 2, maxBytes: 100, maxWaiting: 2, maxWaitSeconds: 0.05 };

test('lets in up to the number, then the next in line as one leaves', async () => {
  const admission = new Admission({ ...limits, maxWaitSeconds: 5 });
  const first = await admission.acquire(1, never);
  await admission.acquire(1, never);
  const third = admission.acquire(1, never);
  expect([admission.inFlight, admission.waiting]).toEqual([2, 1]);
  first();
  await third;
  expect([admission.inFlight, admission.waiting, admission.bytes]).toEqual([2, 0, 2]);
});

test('a place given back twice is given back once', async () => {
  const admission = new Admission(limits);
  const release = await admission.acquire(10, never);
  await admission.acquire(10, never);
  release();
  release();
  expect([admission.inFlight, admission.bytes]).toEqual([1, 10]);
});

test('bounds the bytes, and keeps the order of the line', async () => {
  const admission = new Admission({ ...limits, maxInFlight: 10, maxWaitSeconds: 5 });
  const release = await admission.acquire(90, never);
  const entered: string[] = [];
  const large = admission.acquire(50, never).then(() => entered.push('large'));
  // It would fit, but it came later: a stream of small ones must not keep a large one out for ever.
  const small = admission.acquire(5, never).then(() => entered.push('small'));
  expect(admission.waiting).toBe(2);
  release();
  await Promise.all([large, small]);
  expect(entered).toEqual(['large', 'small']);
});

test('one that is larger than all there is gets in alone', async () => {
  const admission = new Admission(limits);
  await admission.acquire(1000, never);
  expect(admission.inFlight).toBe(1);
});

test('turns away at once when the line is full, and after a while when nobody leaves', async () => {
  const admission = new Admission(limits);
  await admission.acquire(1, never);
  await admission.acquire(1, never);
  const waiting = [admission.acquire(1, never), admission.acquire(1, never)];
  await expect(admission.acquire(1, never)).rejects.toMatchObject({
    status: 503,
    code: 'overloaded',
    retryAfterSeconds: 2,
  });
  for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'overloaded' });
  expect(admission.waiting).toBe(0);
});

test('one that goes away leaves the line, and who stood behind it moves up', async () => {
  const admission = new Admission({ ...limits, maxInFlight: 10, maxWaitSeconds: 5 });
  await admission.acquire(90, never);
  const gone = new AbortController();
  const large = admission.acquire(50, gone.signal);
  const small = admission.acquire(5, never);
  gone.abort(new Error('gone'));
  await expect(large).rejects.toThrow('gone');
  await small;
  expect([admission.inFlight, admission.waiting]).toEqual([2, 0]);
});
