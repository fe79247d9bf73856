import { Agent, request } from 'node:http';
import type { Form } from '../../scripts/bench/apps/photo-form';

// Not autocannon, which the benchmarks use: it cuts what is under way when its time is up, and forgets a request that it
// wrote to a connection that was just being closed. Here no request may go unnoticed.

export interface LoadResult {
  /** Milliseconds of each request that was answered, in the order of their ends. */
  readonly milliseconds: readonly number[];
  /** How often each status was answered; 0 stands for a connection that failed. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly seconds: number;
}

/**
 * Sends photos over kept connections, `concurrency` at a time, until the time is up (each place at least one); requests
 * under way then are still awaited.
 */
export async function load(props: {
  readonly url: string;
  readonly forms: readonly Form[];
  readonly concurrency: number;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}): Promise<LoadResult> {
  const { url, forms, concurrency } = props;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const target = new URL('/classify/image', url);
  const milliseconds: number[] = [];
  const statuses = new Map<number, number>();
  const started = performance.now();
  const end = started + props.seconds * 1000;
  let next = 0;
  const worker = async (): Promise<void> => {
    do {
      const form = forms[next++ % forms.length]!;
      const before = performance.now();
      const status = await send(target, form, agent);
      milliseconds.push(performance.now() - before);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    } while (performance.now() < end && props.signal?.aborted !== true);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { milliseconds, statuses, seconds };
}

function send(target: URL, form: Form, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const call = request(target, { method: 'POST', headers: form.headers, agent }, (response) => {
      response.on('error', () => resolve(0));
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    call.on('error', () => resolve(0));
    call.end(form.body);
  });
}
