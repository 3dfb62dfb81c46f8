import { withJobSpan, withoutContext } from '../../telemetry/spans.ts';
import type { TenantIds } from '../tenant-ids.ts';
import { reembedStores } from './reembed-stores.ts';

/**
 * Reembeds stores in the background, one at a time, whenever some were made with another model than the present one.
 */
export interface Reembedding {
  wake(): void;
  /** Resolves when none is in progress. */
  idle(): Promise<void>;
}

/** After an error the rest is retried this much later: the endpoint may be back by then. */
const AGAIN_MS = 60_000;

export function createReembedding(
  deps: Parameters<typeof reembedStores>[0],
  options: { readonly tenantIds: TenantIds; readonly signal: AbortSignal; readonly onDone: () => void },
): Reembedding {
  const { tenantIds, signal, onDone } = options;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    const { log } = deps;
    try {
      for (const tenantId of await tenantIds()) {
        const reembed = () => reembedStores(deps, { tenantId, signal });
        const { done, failed } = await withJobSpan('reembedding', { tenantId }, reembed);
        if (done > 0) log.info({ tenantId, stores: done }, 'stores were reembedded with the present model');
        if (failed > 0) wakeLater();
      }
    } catch (cause) {
      if (signal.aborted) return;
      log.error({ err: cause }, 'reembedding ended unexpectedly; it is retried');
      wakeLater();
    }
  }

  function wakeLater(): void {
    clearTimeout(timer);
    timer = setTimeout(wake, AGAIN_MS);
    timer.unref();
  }

  function wake(): void {
    if (signal.aborted) return;
    running ??= withoutContext(run).finally(() => {
      running = undefined;
      if (!signal.aborted) onDone();
    });
  }

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return { wake, idle: async () => running };
}
