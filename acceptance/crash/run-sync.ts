import { watch } from 'node:fs';
import { ApiError, type SyncRun } from '@espejo/contracts';
import type { RunningSandbox } from '@espejo/sandbox';
import type { ApiProcess } from '../support/api-process.ts';
import { readEvents } from '../support/events.ts';
import type { CrashPoint } from './scenario.ts';

const RUN_TIMEOUT_MS = 600_000;
/** Paths of one store, one file, one file of a store. */
const PROBE = /^\/(files|vector_stores)\/[^/]+(\/files\/[^/]+)?$/;

/** What happens to a process during a sync. */
export interface Misfortune {
  readonly crash: CrashPoint | null;
  readonly cancelAtRequest: number | null;
  /** Called when upstream has received the nth request of this run, before it handles it. */
  readonly onRequest: (number: number) => void;
}

/**
 * Starts a sync with `start` and follows its events. Returns the ended run, or null if the process was killed before
 * its end was received.
 */
export async function runSync(
  where: { readonly api: ApiProcess; readonly sandbox: RunningSandbox; readonly dataDir: string },
  start: () => Promise<{ readonly id: string }>,
  { crash, cancelAtRequest, onRequest }: Misfortune,
): Promise<SyncRun | null> {
  const { api, sandbox } = where;
  const url = await api.ready;
  if (url === null) throw new Error('The API ended before it was ready.');
  const runId = Promise.withResolvers<string>();
  runId.promise.catch(() => undefined);
  let requests = 0;
  let probes = 0;
  let killTimer: NodeJS.Timeout | undefined;
  let heard = Promise.withResolvers<void>();
  const stopListening = sandbox.onRequest(async ({ path }) => {
    requests += 1;
    if (PROBE.test(path)) probes += 1;
    onRequest(requests);
    if (requests === cancelAtRequest) runId.promise.then((id) => cancel(api, id)).catch(() => undefined);
    // A quick sync can finish a phase before it reports it, so each answer waits for the next event.
    if (crash?.at === 'phase') await heard.promise;
    if (crash?.at !== 'request' && crash?.at !== 'probe') return;
    if (crash.number !== (crash.at === 'probe' ? probes : requests)) return;
    if (crash.afterAnswerMs === null) api.kill();
    else killTimer = setTimeout(() => api.kill(), crash.afterAnswerMs);
  });
  const stopWatching = crash?.at === 'write' ? onNthWrite(where.dataDir, crash.number, () => api.kill()) : undefined;
  try {
    const { id } = await start();
    runId.resolve(id);
    for await (const { event } of readEvents({ url }, id, AbortSignal.timeout(RUN_TIMEOUT_MS))) {
      if (event.type === 'end') return event.data;
      if (crash?.at === 'phase' && event.data.phase === crash.phase) api.kill();
      heard.resolve();
      heard = Promise.withResolvers();
    }
    throw new Error('The stream of events ended before the run.');
  } catch (cause) {
    runId.reject(cause);
    if (!api.isKilled) throw cause;
    await api.exited;
    return null;
  } finally {
    clearTimeout(killTimer);
    stopListening();
    heard.resolve();
    stopWatching?.();
  }
}

/** Calls back at the nth observed change of the database's WAL. Returns a function that stops watching. */
export function onNthWrite(dataDir: string, number: number, then: () => void): () => void {
  let writes = 0;
  const watcher = watch(dataDir, (_event, filename) => {
    if (filename?.endsWith('-wal') !== true) return;
    writes += 1;
    if (writes === number) then();
  });
  return () => watcher.close();
}

/** The run may have ended already, or with its process. */
async function cancel(api: ApiProcess, id: string): Promise<void> {
  try {
    await api.call('cancelSyncRun', { params: { id } });
  } catch (cause) {
    if (!(cause instanceof ApiError) || !['sync_run_not_running', 'network'].includes(cause.code)) throw cause;
  }
}
