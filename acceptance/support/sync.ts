import { setTimeout as delay } from 'node:timers/promises';
import type { StartSyncRunBody, SyncRun } from '@espejo/contracts';
import type { Espejo } from './espejo.ts';

const RUN_TIMEOUT_MS = 600_000;
const POLL_MS = 25;

/** Starts a run and waits for its end, whatever its result. */
export async function sync(espejo: Espejo, body: StartSyncRunBody = {}): Promise<SyncRun> {
  const { id } = await espejo.call('startSyncRun', { body });
  return ended(espejo, id);
}

/** Waits for a run's end. */
export async function ended(espejo: Espejo, id: string): Promise<SyncRun> {
  return until(`the end of run ${id}`, async () => {
    const run = await espejo.call('getSyncRun', { params: { id } });
    return run.status === 'running' ? undefined : run;
  });
}

/** Waits until no run is running and at least one has ended; returns the newest. */
export async function settled(espejo: Espejo): Promise<SyncRun> {
  return until('a run to end', async () => {
    const [newest] = (await espejo.call('listSyncRuns', { query: { limit: 1 } })).data;
    return newest === undefined || newest.status === 'running' ? undefined : newest;
  });
}

/** Repeats the call until its result is not undefined. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + RUN_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`Timed out after ${RUN_TIMEOUT_MS / 1000} s waiting for ${what}.`);
}

/** Runs one sync to its end and returns its id; fails the test unless it succeeds. */
export async function syncOk(espejo: Espejo, body: StartSyncRunBody = {}): Promise<SyncRun> {
  const run = await sync(espejo, body);
  if (run.status !== 'succeeded') throw new Error(`The sync ended ${run.status}: ${JSON.stringify(run.error)}`);
  return run;
}
