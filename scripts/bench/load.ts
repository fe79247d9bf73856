import autocannon from 'autocannon';

export interface LoadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface LoadResult {
  /** Milliseconds of each answer, in the order of their ends. */
  readonly milliseconds: readonly number[];
  /** How often each status was answered; 0 stands for a connection that failed. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly seconds: number;
}

/**
 * POSTs over kept connections, one request at a time on each, until the time is up; requests under way then are cut and
 * not counted. Each connection has its share of the requests and sends them in turn.
 */
export async function load(props: {
  readonly url: string;
  readonly requests: readonly LoadRequest[];
  readonly concurrency: number;
  readonly seconds: number;
}): Promise<LoadResult> {
  const { requests, concurrency } = props;
  const milliseconds: number[] = [];
  const statuses = new Map<number, number>();
  const count = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const started = performance.now();
  let connections = 0;
  const options: autocannon.Options = {
    url: props.url,
    connections: concurrency,
    duration: props.seconds,
    // How often it looks whether the time is up.
    sampleInt: 50,
    setupClient: (client) => {
      const connection = connections++;
      const share = requests.filter((_request, index) => index % concurrency === connection);
      if (share.length === 0) share.push(requests[connection % requests.length]!);
      // autocannon writes the length itself.
      client.setRequests(
        share.map(({ path, headers, body }) => ({ method: 'POST', path, headers: { ...headers }, body })),
      );
    },
  };
  await new Promise<void>((resolve, reject) => {
    const running = autocannon(options, (error) => (error ? reject(error as Error) : resolve()));
    running.on('response', (_client, status, _bytes, time) => {
      milliseconds.push(time);
      count(status);
    });
    running.on('reqError', () => count(0));
  });
  return { milliseconds, statuses, seconds: (performance.now() - started) / 1000 };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
