import { Counter, Gauge, Histogram, type Admission, type ServiceParts } from '@strata/service-runtime';
import type { InferencePool } from './inference-pool';

/** Seconds; most photos take a few milliseconds. */
const BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2];

/** What is counted for each photo. */
export interface PhotoMetrics {
  readonly photos: Counter<'label'>;
  readonly stages: Histogram<'stage'>;
}

export function photoMetrics({ registry }: ServiceParts<unknown>['metrics']): PhotoMetrics {
  const registers = [registry];
  return {
    photos: new Counter({ name: 'photos_total', help: 'Photos classified', labelNames: ['label'], registers }),
    stages: new Histogram({
      name: 'photo_seconds',
      help: 'Time for one photo, by stage',
      labelNames: ['stage'],
      buckets: BUCKETS,
      registers,
    }),
  };
}

/** Registers gauges for what is in progress and what waits. */
export function registerLoadGauges(
  { registry }: ServiceParts<unknown>['metrics'],
  { admission, pool }: { readonly admission: Admission; readonly pool: InferencePool },
): void {
  const gauge = (name: string, help: string, value: () => number): void =>
    void new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('requests_in_flight', 'Requests being worked on', () => admission.inFlight);
  gauge('requests_waiting', 'Requests waiting for a place', () => admission.waiting);
  gauge('tasks_waiting', 'Photos waiting for a worker', () => pool.waiting);
}
