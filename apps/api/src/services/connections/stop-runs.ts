import { RunStopped } from '../context/active-runs.ts';
import type { ConnectionContext } from '../context/app-context.ts';
/** Cancels the runs of this connection in this process and waits for their end. */
export async function stopRuns(
  deps: Pick<ConnectionContext, 'active'>,
  connection: { readonly tenantId: string; readonly id: string },
): Promise<void> {
  const running = [...deps.active.values()].filter(
    (run) => run.tenantId === connection.tenantId && run.connectionId === connection.id,
  );
  for (const run of running) run.controller.abort(new RunStopped('cancelled'));
  await Promise.all(running.map((run) => run.finished));
}
