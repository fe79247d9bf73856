import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export { Counter, Gauge, Histogram };

/** What a service counts of its requests, for Prometheus (pull) and for CloudWatch (through the log). */
export class Metrics {
  readonly registry = new Registry();
  readonly #service: string;
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #duration: Histogram<'route'>;
  readonly #inFlight: Gauge;
  #window = new Window();

  constructor(service: string) {
    this.#service = service;
    this.registry.setDefaultLabels({ service });
    const registers = [this.registry];
    this.#requests = new Counter({
      name: 'http_requests_total',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of the answer',
      labelNames: ['route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    this.#inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Requests being worked on', registers });
  }

  requestStarted(): void {
    this.#inFlight.inc();
  }

  requestEnded(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void {
    this.#inFlight.dec();
    this.#requests.inc({ method: request.method, route: request.route, status: request.status });
    this.#duration.observe({ route: request.route }, request.seconds);
    this.#window.add(request.status, request.seconds * 1000);
  }

  /**
   * What was counted since the last call, as one record of CloudWatch's embedded metric format: written to the log,
   * CloudWatch makes metrics of it, without an agent.
   *
   * Form:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   */
  takeCloudWatchRecord(namespace: string): Record<string, unknown> {
    const window = this.#window;
    this.#window = new Window();
    const units: Record<string, string> = {
      Requests: 'Count',
      ClientErrors: 'Count',
      ServerErrors: 'Count',
      Duration: 'Milliseconds',
      ResidentMemory: 'Bytes',
    };
    const values: Record<string, number | number[]> = {
      Requests: window.requests,
      ClientErrors: window.clientErrors,
      ServerErrors: window.serverErrors,
      ...(window.durations.length > 0 ? { Duration: window.durations } : {}),
      ResidentMemory: process.memoryUsage.rss(),
    };
    return {
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: [['Service']],
            Metrics: Object.keys(values).map((Name) => ({ Name, Unit: units[Name] })),
          },
        ],
      },
      Service: this.#service,
      ...values,
    };
  }

  /** Serves the metrics in Prometheus' text form on a separate port. */
  async serve(port: number, host: string): Promise<{ readonly port: number; close(): void }> {
    collectDefaultMetrics({ register: this.registry });
    const server = createServer((request, response) => {
      if (request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      void this.registry
        .metrics()
        .then((text) => response.writeHead(200, { 'content-type': this.registry.contentType }).end(text));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    server.unref();
    return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
  }
}

/** The embedded metric format takes at most this many values of one metric in a record. */
const MAX_VALUES = 100;

class Window {
  requests = 0;
  clientErrors = 0;
  serverErrors = 0;
  /** A fair sample of the durations, in milliseconds. */
  readonly durations: number[] = [];

  add(status: number, milliseconds: number): void {
    this.requests += 1;
    if (status >= 500) this.serverErrors += 1;
    else if (status >= 400) this.clientErrors += 1;
    if (this.durations.length < MAX_VALUES) this.durations.push(milliseconds);
    else {
      const place = Math.floor(Math.random() * this.requests);
      if (place < MAX_VALUES) this.durations[place] = milliseconds;
    }
  }
}
