import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Timings } from '../telemetry/timings.ts';
import type { MetricsSnapshot } from './collect-metrics.ts';
import { createMetricsGauges } from './metrics-gauges.ts';

/** One answered request. */
export interface AnsweredRequest {
  readonly protocol: 'console' | 'openai' | 'other';
  /** From the route table, never from the URL: the set of labels is closed. */
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface Metrics {
  observeRequest(request: AnsweredRequest): void;
  /** Everything in the Prometheus text format, with present values. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of this process: durations, and present values, read at each scrape. */
export function createMetrics(
  collectMetrics: () => Promise<MetricsSnapshot>,
  timings: Pick<Timings, 'instruments'>,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const instrument of timings.instruments) registry.registerMetric(instrument as Histogram);
  const requests = new Histogram({
    name: 'espejo_http_request_duration_seconds',
    help: 'Time to answer a request, by operation and class of status.',
    labelNames: ['protocol', 'operation', 'method', 'status'],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const setLevels = createMetricsGauges(registry);

  return {
    observeRequest({ protocol, operation, method, status, durationMs }) {
      const statusClass = `${Math.floor(status / 100)}xx`;
      requests.observe({ protocol, operation, method, status: statusClass }, durationMs / 1000);
    },
    async scrape() {
      setLevels(await collectMetrics());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
