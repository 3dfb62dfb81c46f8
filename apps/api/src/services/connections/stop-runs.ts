import { RunStopped } from '../sync/sync-deps.ts';
import type { ConnectionDeps } from './connection-deps.ts';

/** Cancels what syncs this connection in this process and waits for its end. */
export async function stopRuns(deps: Pick<ConnectionDeps, 'active'>, connectionId: string): Promise<void> {
  const running = [...deps.active.values()].filter((run) => run.connectionId === connectionId);
  for (const run of running) run.controller.abort(new RunStopped('cancelled'));
  await Promise.all(running.map((run) => run.finished));
}
