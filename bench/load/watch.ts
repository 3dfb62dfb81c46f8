import { setTimeout as delay } from 'node:timers/promises';
import type { Send } from './http.ts';

const INTERVAL_MS = 1_000;

/** A sample of the metrics of the API. */
export interface Look {
  readonly atS: number;
  readonly rssBytes: number;
  readonly cpuS: number;
  /** Over the previous second. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly ingestionPending: number;
}

/** Samples the API once a second until it is stopped. */
export function watch(send: Send): { stop(): Promise<readonly Look[]> } {
  const looks: Look[] = [];
  const ending = new AbortController();
  const startedAt = performance.now();
  const watching = (async () => {
    while (!ending.signal.aborted) {
      looks.push(await lookAt(send, (performance.now() - startedAt) / 1000));
      await delay(INTERVAL_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      ending.abort();
      await watching;
      return looks;
    },
  };
}

async function lookAt(send: Send, atS: number): Promise<Look> {
  const { status, text } = await send('GET', '/metrics');
  if (status !== 200) throw new Error(`GET /metrics: ${status}`);
  const rows = text.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: Number(value) }];
  });
  /** Summed over all labels. */
  const read = (name: string): number => {
    const found = rows.filter((row) => row.name === name);
    if (found.length === 0) throw new Error(`GET /metrics has no '${name}'.`);
    return found.reduce((sum, { value }) => sum + value, 0);
  };
  return {
    atS,
    rssBytes: read('process_resident_memory_bytes'),
    cpuS: read('process_cpu_seconds_total'),
    loopP99Ms: read('nodejs_eventloop_lag_p99_seconds') * 1000,
    loopMaxMs: read('nodejs_eventloop_lag_max_seconds') * 1000,
    ingestionPending: read('espejo_ingestion_queue_files'),
  };
}

/** Bytes a second: the slope of the least-squares line through the samples. */
export function slopeOf(looks: readonly Look[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanS = mean(looks.map(({ atS }) => atS));
  const meanBytes = mean(looks.map(({ rssBytes }) => rssBytes));
  const across = looks.reduce((sum, { atS, rssBytes }) => sum + (atS - meanS) * (rssBytes - meanBytes), 0);
  const along = looks.reduce((sum, { atS }) => sum + (atS - meanS) ** 2, 0);
  return across / along;
}
