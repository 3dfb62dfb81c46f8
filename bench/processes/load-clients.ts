import { monitorEventLoopDelay } from 'node:perf_hooks';
import { serve } from '../lib/remote.ts';
import { seededRandom } from '../lib/stats.ts';
import { createClient } from '../load/client.ts';
import { createSender } from '../load/http.ts';
import type { Stage } from '../load/stage.ts';

/** The time-out of a request. */
const TIMEOUT_MS = 30_000;
const ERRORS_SHOWN = 10;
/** The histogram counts its own interval as delay. */
const LOOP_RESOLUTION_MS = 5;

const methods = {
  /** Runs concurrent clients, each with one request after the other and no pause, until the time is over. */
  async run(input: { url: string; key: string; stage: Stage; clients: number; seconds: number; seed: number }) {
    const { url, key, stage, clients, seed } = input;
    const send = createSender({ url, key, connectionsMax: clients, timeoutMs: TIMEOUT_MS });
    const msByKind: Record<string, number[]> = {};
    const errors: string[] = [];
    const errorsByKind: Record<string, number> = {};
    const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    loop.enable();
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    const endAt = startedAt + input.seconds * 1000;
    const all = Array.from({ length: clients }, (_, index) => {
      const random = seededRandom(seed * 100_003 + index);
      return createClient({ name: `client ${seed}-${index}`, send, stage, random });
    });
    await Promise.all(
      all.map(async (client) => {
        while (performance.now() < endAt) {
          const { kind, perform } = client.next();
          const sentAt = performance.now();
          try {
            await perform();
          } catch (cause) {
            errorsByKind[kind] = (errorsByKind[kind] ?? 0) + 1;
            if (errors.length < ERRORS_SHOWN) errors.push(`${kind}: ${cause instanceof Error ? cause.message : cause}`);
          }
          const taken = performance.now() - sentAt;
          const known = msByKind[kind];
          if (known === undefined) msByKind[kind] = [taken];
          else known.push(taken);
        }
      }),
    );
    const used = process.cpuUsage(cpu);
    const wallMs = performance.now() - startedAt;
    return {
      msByKind,
      errors,
      errorsByKind,
      wallMs,
      primaryStores: all.flatMap((client) => client.primaryStores()),
      /** The processor share of this process: near 1, it would be the bottleneck instead of the server. */
      coreShare: (used.user + used.system) / 1000 / wallMs,
      loopDelayP99Ms: Math.max(0, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS),
    };
  },
};
export type LoadClientMethods = typeof methods;

serve(methods);
